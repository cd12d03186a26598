import { countRemoved, type ErasureStep } from '#libs/persistence';
import type { AlertsTables } from '../alerts.tables.js';

const batchSize = 500;

export const lastSteps: readonly ErasureStep<AlertsTables>[] = [
  async (db, { tenantId }) => {
    const rows = await db
      .selectFrom('destinations')
      .select('destination_id')
      .where('tenant_id', '=', tenantId)
      .limit(batchSize)
      .execute();
    const ids = rows.map((row) => row.destination_id);
    if (ids.length === 0) return {};
    return countRemoved({
      health: db.deleteFrom('health').where('destination_id', 'in', ids),
      decisions: db.deleteFrom('decisions').where('destination_id', 'in', ids),
      destinations: db.deleteFrom('destinations').where('destination_id', 'in', ids),
    });
  },
];
