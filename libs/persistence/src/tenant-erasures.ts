import { create, TenantErased } from '#libs/contracts';
import type { Log } from '#libs/observability';
import { sql } from 'kysely';
import type { Database } from './database.js';
import { Erasures, type ErasureStep, type Removed } from './erasures.js';

export interface TenantErasuresOptions<Tables> {
  /** As the registry expects it in `TenantErased`. */
  readonly service: string;
  readonly database: Database<Tables>;
  readonly client: { confirm(report: TenantErased, deadlineMs: number): Promise<void> };
  readonly log: Log;
  readonly steps?: readonly ErasureStep<Tables>[];
  /** As in `ErasuresOptions`. */
  readonly lastSteps: readonly ErasureStep<Tables>[];
}

const reportDeadlineMs = 5000;
const destinationsAtOnce = 500;

/** The erasures of one service, reported to the registry through the broker. */
export abstract class TenantErasures<Tables> extends Erasures<Tables> {
  constructor({ service, database, client, log, steps = [], lastSteps }: TenantErasuresOptions<Tables>) {
    super({
      database,
      steps,
      lastSteps,
      report: ({ erasureId, tenantId, removed, done }) => {
        if (done) log.info('tenant.erased', { erasureId, tenantId, removed });
        const report = create(TenantErased, { erasureId, tenantId, service, removed, done });
        return client.confirm(report, reportDeadlineMs);
      },
      onTrouble: (error) =>
        log.warn('erasure.waiting', { reason: error instanceof Error ? error.message : String(error) }),
    });
  }
}

/**
 * Removes a batch of the tenant's destinations, and before them the rows of `dependents`, which name only the
 * destination. All these tables have the column `destination_id`.
 */
export function eraseDestinations<Tables>(
  ...dependents: readonly (keyof Tables & string)[]
): ErasureStep<Tables> {
  return async (db, { tenantId }) => {
    const { rows } = await sql<{ destination_id: string }>`
      select destination_id from destinations
      where tenant_id = ${tenantId} limit ${destinationsAtOnce}`.execute(db);
    if (rows.length === 0) return {};
    const ids = rows.map((row) => row.destination_id);
    const removed: Record<string, number> = {};
    for (const table of [...dependents, 'destinations']) {
      const { numAffectedRows } = await sql`
        delete from ${sql.table(table)} where destination_id = any(${ids}::text[])`.execute(db);
      removed[table] = Number(numAffectedRows ?? 0);
    }
    return removed satisfies Removed;
  };
}
