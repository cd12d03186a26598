import { countRemoved, type ErasureStep } from '#libs/persistence';
import type { RouterTables } from '../router.tables.js';

const batchSize = 1000;

export const steps: readonly ErasureStep<RouterTables>[] = [
  async (db, { tenantId }) => {
    const rows = await db
      .selectFrom('inbox')
      .select('event_id')
      .where('tenant_id', '=', tenantId)
      .limit(batchSize)
      .execute();
    if (rows.length === 0) return {};
    return countRemoved({
      inbox: db
        .deleteFrom('inbox')
        .where('tenant_id', '=', tenantId)
        .where(
          'event_id',
          'in',
          rows.map((row) => row.event_id),
        ),
    });
  },
];

export const lastSteps: readonly ErasureStep<RouterTables>[] = [
  (db, { tenantId }) =>
    countRemoved({
      destinations: db.deleteFrom('destinations').where('tenant_id', '=', tenantId),
      revisions: db.deleteFrom('tenants').where('tenant_id', '=', tenantId),
    }),
];
