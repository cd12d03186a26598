import { recordAudit } from '#libs/audit';
import { type Actor, type Delivery, Problem } from '#libs/contracts';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { HistoryRepository } from '../history/history.repository.js';
import { wakeLanes } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';
import { refusalOf } from './refusal-of.js';
import { SendAgainRepository } from './send-again.repository.js';

@Injectable()
export class RetryOneDelivery {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly history: HistoryRepository,
    private readonly again: SendAgainRepository,
  ) {}

  /**
   * One that is being tried at this moment is left alone: what was asked for is happening. Where the circuit is open, the
   * person who asks knows better than the last failures: a probe goes at once.
   * @throws Problem `not_found`, `destination_deleted`, `payload_expired`
   */
  async retry(tenantId: string, deliveryId: string, actor?: Actor): Promise<Delivery> {
    const { id, createdAt, destinationId } = await this.#find(tenantId, deliveryId);
    const key = { id, created_at: new Date(createdAt), destination_id: destinationId };
    await this.database.ofTenant(tenantId).transaction(async (db) => {
      const { fates, wakes } = await this.again.send(db, [key]);
      const refusal = refusalOf(fates.get(id));
      if (refusal) throw refusal;
      const object = { type: 'delivery', id };
      await recordAudit(db, [{ actor, action: 'delivery.retried', object, tenantId }]);
      const anew = wakes.length > 0 && (await isCircuitOpen(db, destinationId));
      await wakeLanes(
        db,
        wakes.map((wake) => ({ ...wake, anew })),
      );
    });
    return this.#find(tenantId, deliveryId);
  }

  async #find(tenantId: string, deliveryId: string): Promise<Delivery> {
    const found = await this.history.findDelivery(tenantId, deliveryId);
    if (!found) throw new Problem('not_found', 'There is no such delivery.');
    return found;
  }
}

async function isCircuitOpen(db: Kysely<LedgerTables>, destinationId: string): Promise<boolean> {
  const { rows } = await sql`
    select from circuits where destination_id = ${destinationId} and open`.execute(db);
  return rows.length > 0;
}
