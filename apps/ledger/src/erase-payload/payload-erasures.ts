import { recordAudit } from '#libs/audit';
import type { Actor, ErasePayload } from '#libs/contracts';
import { messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, type Kysely, sql, Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { within } from '../erase-tenant/within.js';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';

/** The longest attempt, and the time that its report takes. */
const againAfter = sql`interval '1 minute'`;
const lookMs = 5000;
const batchSize = 20;

interface EventKey {
  readonly tenant_id: string;
  readonly event_id: string;
}

/**
 * Removes payloads of single events. An attempt that is being made at that moment is reported afterwards: what it brings
 * is removed a minute later.
 */
@Injectable()
export class PayloadErasures implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #upkeep: Upkeep;

  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly config: LedgerConfig,
    log: Log,
  ) {
    this.#upkeep = new Upkeep({
      work: () => this.repeat(),
      intervalMs: lookMs,
      onTrouble: (error, retryInMs) =>
        log.warn('payload-erasure.waiting', { reason: messageOf(error), retryInMs }),
    });
  }

  onApplicationBootstrap(): void {
    void this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  /** A second time it changes nothing. @returns false if the tenant has no such event. */
  erase({ tenantId, eventId }: Pick<ErasePayload, 'tenantId' | 'eventId'>, actor?: Actor): Promise<boolean> {
    const key = { tenant_id: tenantId, event_id: eventId };
    return this.database.transaction(async (db) => {
      const recorded = await db
        .selectFrom('events')
        .select('accepted_at')
        .where('tenant_id', '=', tenantId)
        .where('event_id', '=', eventId)
        .where('recorded_at', 'is not', null)
        .limit(1)
        .executeTakeFirst();
      if (!recorded) return false;
      await erasePayload(db, key);
      await sql`
        insert into erased_payloads (tenant_id, event_id, due_at)
        values (${tenantId}, ${eventId}, now() + ${againAfter})
        on conflict (tenant_id, event_id) do update set due_at = excluded.due_at`.execute(db);
      const object = { type: 'event', id: eventId };
      await recordAudit(db, [{ actor, action: 'event.payload-erased', object, tenantId }]);
      return true;
    });
  }

  /** What was recorded late of those that were erased a while ago. */
  async repeat(): Promise<void> {
    while ((await this.database.transaction(repeatSome)) === batchSize);
    const keptMs = this.config.METADATA_RETENTION;
    await this.database.run((db) =>
      sql`delete from erased_payloads where erased_at < now() - ${keptMs} * interval '1 millisecond'`.execute(
        db,
      ),
    );
  }
}

async function repeatSome(db: Kysely<LedgerTables>): Promise<number> {
  const { rows } = await sql<EventKey>`
    select tenant_id, event_id from erased_payloads
    where due_at <= now() order by due_at limit ${batchSize} for update skip locked`.execute(db);
  for (const key of rows) {
    await erasePayload(db, key);
    await db
      .updateTable('erased_payloads')
      .set({ due_at: null })
      .where('tenant_id', '=', key.tenant_id)
      .where('event_id', '=', key.event_id)
      .execute();
  }
  return rows.length;
}

/** What waits is cancelled first: then no process sends what is removed. */
async function erasePayload(db: Kysely<LedgerTables>, { tenant_id, event_id }: EventKey): Promise<void> {
  const { rows } = await sql<{ id: string; created_at: Date }>`
    select id, created_at from deliveries
    where tenant_id = ${tenant_id} and event_id = ${event_id} order by id for update`.execute(db);
  const ids = sql`${rows.map(({ id }) => id)}::text[]`;
  if (rows.length > 0) {
    const times = rows.map((row) => row.created_at);
    await sql`
      update deliveries set status = 'cancelled', due_at = null, updated_at = now()
      where id = any(${ids}) and ${within('created_at', times)} and status in ('pending', 'retrying', 'held')`.execute(
      db,
    );
    await sql`
      update attempts set response = ''
      where delivery_id = any(${ids}) and ${within('accepted_at', times)} and response <> ''`.execute(db);
  }
  await sql`
    delete from parked where tenant_id = ${tenant_id} and (delivery_id = any(${ids}) or acceptance_id in (
      select acceptance_id from events where tenant_id = ${tenant_id} and event_id = ${event_id}))`.execute(
    db,
  );
  // A digest of few possible contents reveals which it was.
  await sql`
    update events set content_digest = null
    where tenant_id = ${tenant_id} and event_id = ${event_id} and content_digest is not null`.execute(db);
  await sql`delete from payloads where tenant_id = ${tenant_id} and event_id = ${event_id}`.execute(db);
}
