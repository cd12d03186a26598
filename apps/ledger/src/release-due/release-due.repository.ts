import { create, DeliveryRequested } from '#libs/contracts';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';

const batchSize = 100;

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
      const rows = await selectDue(db);
      if (rows.length === 0) return { more: false };
      await publish(rows.map(requestOf));
      await db
        .updateTable('deliveries')
        .set({ due_at: null })
        .where(
          'id',
          'in',
          rows.map((row) => row.id),
        )
        .execute();
      return { more: rows.length === batchSize };
    });
  }
}

function selectDue(db: Kysely<LedgerTables>) {
  return db
    .selectFrom('deliveries')
    .innerJoin('events', (join) =>
      join
        .onRef('events.tenant_id', '=', 'deliveries.tenant_id')
        .onRef('events.event_id', '=', 'deliveries.event_id'),
    )
    .leftJoin('destinations', 'destinations.destination_id', 'deliveries.destination_id')
    .select([
      'deliveries.id',
      'deliveries.tenant_id',
      'deliveries.event_id',
      'deliveries.event_type',
      'deliveries.destination_id',
      'deliveries.attempt_count',
      'events.timestamp',
      'events.accepted_at',
      'events.payload',
      'destinations.version',
    ])
    .where('deliveries.due_at', '<=', sql<Date>`now()`)
    .orderBy('deliveries.due_at')
    .limit(batchSize)
    .forUpdate('deliveries')
    .skipLocked()
    .execute();
}

function requestOf(row: {
  id: string;
  tenant_id: string;
  event_id: string;
  event_type: string;
  destination_id: string;
  attempt_count: number;
  timestamp: string;
  accepted_at: Date;
  payload: Buffer;
  version: number | null;
}): DeliveryRequested {
  return create(DeliveryRequested, {
    deliveryId: row.id,
    tenantId: row.tenant_id,
    eventId: row.event_id,
    eventType: row.event_type,
    timestamp: row.timestamp,
    acceptedAt: row.accepted_at.toISOString(),
    destinationId: row.destination_id,
    destinationVersion: row.version ?? 1,
    attempt: row.attempt_count + 1,
    body: row.payload,
  });
}
