import { create, DeliveryRequested } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';

const batchSize = 100;

interface Due {
  readonly id: string;
  readonly created_at: Date;
  readonly tenant_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly destination_id: string;
  readonly attempt_count: number;
}

interface Sendable extends Due {
  readonly timestamp: string;
  readonly payload: Buffer;
  readonly version: number | null;
}

@Injectable()
export class ReleaseDueRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /**
   * Takes what is due, hands it to `publish`, and marks it as being sent only after that: a crash in between sends it
   * again. Several ledger processes take different rows.
   * @returns whether more may be due.
   */
  release(publish: (requests: DeliveryRequested[]) => Promise<void>): Promise<{ more: boolean }> {
    return this.database.transaction(async (db) => {
      const due = await selectDue(db);
      if (due.length === 0) return { more: false };
      const rows = await withPayload(db, due);
      failpoint('ledger.claimed-due');
      await publish(rows.map(requestOf));
      failpoint('ledger.published-due');
      await markTaken(db, due, rows);
      return { more: due.length === batchSize };
    });
  }
}

function selectDue(db: Kysely<LedgerTables>): Promise<Due[]> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'created_at', 'tenant_id', 'event_id', 'event_type', 'destination_id', 'attempt_count'])
    .where('due_at', '<=', sql<Date>`now()`)
    .orderBy('due_at')
    .limit(batchSize)
    .forUpdate()
    .skipLocked()
    .execute();
}

/**
 * Those whose event is recorded. The same id may have been accepted several times in one millisecond: the acceptance
 * that was routed is the one whose payload goes. The days are named once more as a list: by it Postgres knows the
 * partitions before it begins.
 */
async function withPayload(db: Kysely<LedgerTables>, due: readonly Due[]): Promise<Sendable[]> {
  const days = sql`${due.map((delivery) => delivery.created_at)}::timestamptz[]`;
  const { rows } = await sql<Pick<Sendable, 'id' | 'timestamp' | 'payload' | 'version'>>`
    select due.id, event."timestamp", payloads.payload, destinations.version
    from unnest(
      ${due.map((delivery) => delivery.id)}::text[],
      ${due.map((delivery) => delivery.tenant_id)}::text[],
      ${due.map((delivery) => delivery.event_id)}::text[],
      ${due.map((delivery) => delivery.destination_id)}::text[],
      ${days}
    ) as due (id, tenant_id, event_id, destination_id, accepted_at)
    cross join lateral (
      select acceptance_id, "timestamp" from events
      where events.tenant_id = due.tenant_id and events.event_id = due.event_id
        and events.accepted_at = due.accepted_at and events.accepted_at = any(${days})
        and routing <> 'repeated'
      order by routing = 'routed' desc limit 1
    ) as event
    join payloads on payloads.tenant_id = due.tenant_id and payloads.event_id = due.event_id
      and payloads.accepted_at = due.accepted_at and payloads.accepted_at = any(${days})
      and payloads.acceptance_id = event.acceptance_id
    left join destinations on destinations.destination_id = due.destination_id`.execute(db);
  const found = new Map(rows.map((row) => [row.id, row]));
  return due.flatMap((delivery) => {
    const row = found.get(delivery.id);
    return row ? [{ ...delivery, ...row }] : [];
  });
}

/** What could not be sent, as its event is not recorded yet, is looked at again later, and lets others go before it. */
async function markTaken(db: Kysely<LedgerTables>, due: readonly Due[], sent: readonly Due[]): Promise<void> {
  await sql`
    update deliveries set due_at = case when id = any(${sent.map(({ id }) => id)}::text[]) then null
      else now() + interval '1 second' end, updated_at = now()
    where id = any(${due.map(({ id }) => id)}::text[])
      and created_at = any(${due.map((delivery) => delivery.created_at)}::timestamptz[])`.execute(db);
}

function requestOf(row: Sendable): DeliveryRequested {
  return create(DeliveryRequested, {
    deliveryId: row.id,
    tenantId: row.tenant_id,
    eventId: row.event_id,
    eventType: row.event_type,
    timestamp: row.timestamp,
    acceptedAt: row.created_at.toISOString(),
    destinationId: row.destination_id,
    destinationVersion: row.version ?? 1,
    attempt: row.attempt_count + 1,
    body: row.payload,
  });
}
