import type { DestinationChanged } from '#libs/contracts';
import { Database, keepNewest, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';

type Destination = LedgerTables['destinations'];

@Injectable()
export class DestinationsRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /** Keeps the changes, and does to waiting deliveries what follows from them, in one transaction. */
  apply(changes: readonly DestinationChanged[]): Promise<void> {
    return this.database.transaction(async (db) => {
      const applied = await keepNewest(db, 'destinations', changes.map(rowOf));
      const ids = (rows: readonly Destination[]): string[] => rows.map((row) => row.destination_id);
      await this.#cancel(db, ids(applied.filter((row) => row.deleted)));
      const living = applied.filter((row) => !row.deleted);
      await this.#release(db, ids(living.filter((row) => row.enabled)));
      await this.#hold(db, ids(living.filter((row) => !row.enabled)));
    });
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

  async #release(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await sql`
      update deliveries set
        status = case when attempt_count = 0 then 'pending' else 'retrying' end,
        due_at = now(), updated_at = now()
      where destination_id = any(${ids}) and status = 'held'`.execute(db);
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

function rowOf(change: DestinationChanged): Destination {
  return {
    destination_id: change.destinationId,
    tenant_id: change.tenantId,
    version: change.version,
    deleted: change.deleted,
    enabled: change.enabled,
  };
}
