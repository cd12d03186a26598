import type { DestinationChanged } from '#libs/contracts';
import { Database, keepNewest, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { forgetCircuits, renewCircuits } from '../circuits/circuits.repository.js';
import { wakeLanes } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';

type Destination = LedgerTables['destinations'];

@Injectable()
export class DestinationsRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /** Keeps the changes, and does to waiting deliveries and circuits what follows from them, in one transaction. */
  apply(changes: readonly DestinationChanged[]): Promise<void> {
    return this.database.transaction(async (db) => {
      const applied = await keepNewest(db, 'destinations', changes.map(rowOf));
      const deleted = idsOf(applied.filter((row) => row.deleted));
      await this.#cancel(db, deleted);
      await forgetCircuits(db, deleted);
      const living = applied.filter((row) => !row.deleted);
      const released = await this.#release(db, idsOf(living.filter((row) => row.enabled)));
      await this.#hold(db, idsOf(living.filter((row) => !row.enabled)));
      const open = await renewCircuits(db, living);
      const lanes = new Set([...released, ...(await this.#lanesOf(db, idsOf(living)))]);
      await wakeLanes(
        db,
        [...lanes].map((destinationId) => ({ destinationId, anew: !open.has(destinationId) })),
      );
    });
  }

  /** Of those destinations that have a schedule of their own. */
  async schedules(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<Map<string, readonly number[]>> {
    const rows = await db
      .selectFrom('destinations')
      .select(['destination_id', 'retry_schedule_ms'])
      .where('destination_id', 'in', [...new Set(ids)])
      .where('retry_schedule_ms', 'is not', null)
      .execute();
    return new Map(rows.map((row) => [row.destination_id, row.retry_schedule_ms ?? []]));
  }

  /**
   * What is known of these destinations. They cannot change until the transaction ends: whoever holds a delivery because
   * its destination is disabled must not miss that it is enabled meanwhile.
   */
  async lock(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<ReadonlyMap<string, Destination>> {
    const rows = await db
      .selectFrom('destinations')
      .selectAll()
      .where('destination_id', 'in', [...new Set(ids)])
      .orderBy('destination_id')
      .forShare()
      .execute();
    return new Map(rows.map((row) => [row.destination_id, row]));
  }

  async #cancel(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await sql`
      update deliveries set status = 'cancelled', due_at = null, updated_at = now()
      where destination_id = any(${ids}) and status in ('pending', 'retrying', 'held')`.execute(db);
  }

  /** @returns the destinations of what was held. */
  async #release(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const { rows } = await sql<{ destination_id: string }>`
      with released as (
        update deliveries set
          status = case when attempt_count = schedule_start then 'pending' else 'retrying' end,
          due_at = now(), updated_at = now()
        where destination_id = any(${ids}) and status = 'held'
        returning destination_id
      )
      select distinct destination_id from released`.execute(db);
    return idsOf(rows);
  }

  /** What paused them may be otherwise now: a limit, a circuit. */
  async #lanesOf(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    return idsOf(
      await db.selectFrom('lanes').select('destination_id').where('destination_id', 'in', ids).execute(),
    );
  }

  /** Only what waits: what is on its way comes back by itself. */
  async #hold(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await sql`
      update deliveries set status = 'held', due_at = null, updated_at = now()
      where destination_id = any(${ids}) and status in ('pending', 'retrying') and due_at is not null`.execute(
      db,
    );
  }
}

const idsOf = (rows: readonly { readonly destination_id: string }[]): string[] =>
  rows.map((row) => row.destination_id);

function rowOf(change: DestinationChanged): Destination {
  return {
    destination_id: change.destinationId,
    tenant_id: change.tenantId,
    version: change.version,
    renewed_version: change.renewedVersion,
    deleted: change.deleted,
    enabled: change.enabled,
    retry_schedule_ms: change.retryScheduleMs ?? null,
    max_concurrency: change.maxConcurrency,
    rate_per_second: change.ratePerSecond ?? null,
  };
}
