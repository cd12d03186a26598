import { publicTenantId } from '#libs/contracts';
import { countRemoved, eraseDestinations, type ErasureStep, type Kysely, sql } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';
import { within } from './within.js';

/** Of what publishers send: its routing key is the public id of a tenant. */
export const ingestQueue = 'gateway.ingest-event';
const batchSize = 500;

/** Replays first: none goes on meanwhile. */
export const steps: readonly ErasureStep<LedgerTables>[] = [
  (db, { tenantId }) => countRemoved({ replays: db.deleteFrom('replays').where('tenant_id', '=', tenantId) }),
  eraseDeliveries,
  ofEvents('payloads'),
  ofEvents('events'),
  eraseParked,
  (db, { tenantId }) =>
    countRemoved({ erasedPayloads: db.deleteFrom('erased_payloads').where('tenant_id', '=', tenantId) }),
];

/** By these the rows that name only a destination are found. */
export const lastSteps: readonly ErasureStep<LedgerTables>[] = [
  eraseDestinations('tallies', 'circuits', 'lanes'),
];

const createdAt = (row: { readonly created_at: Date }): Date => row.created_at;

/** With the times Postgres leaves out the partitions of all other days. */
async function eraseDeliveries(...[db, { tenantId }]: Parameters<ErasureStep<LedgerTables>>) {
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'created_at'])
    .where('tenant_id', '=', tenantId)
    .orderBy('id')
    .limit(batchSize)
    .execute();
  if (rows.length === 0) return {};
  const ids = sql`${rows.map(({ id }) => id)}::text[]`;
  return countRemoved({
    attempts: db
      .deleteFrom('attempts')
      .where(sql<boolean>`delivery_id = any(${ids}) and ${within('accepted_at', rows.map(createdAt))}`),
    deliveries: db
      .deleteFrom('deliveries')
      .where(sql<boolean>`id = any(${ids}) and ${within('created_at', rows.map(createdAt))}`),
  });
}

function ofEvents(table: 'payloads' | 'events'): ErasureStep<LedgerTables> {
  return async (db, { tenantId }) => {
    const rows = await keysOf(db, table, tenantId);
    if (rows.length === 0) return {};
    const ids = sql`${[...new Set(rows.map((row) => row.event_id))]}::text[]`;
    const during = within(
      'accepted_at',
      rows.map(({ accepted_at }) => accepted_at),
    );
    return countRemoved({
      [table]: db
        .deleteFrom(table)
        .where(sql<boolean>`tenant_id = ${tenantId} and event_id = any(${ids}) and ${during}`),
    });
  };
}

function keysOf(db: Kysely<LedgerTables>, table: 'payloads' | 'events', tenantId: string) {
  return db
    .selectFrom(table)
    .select(['event_id', 'accepted_at'])
    .where('tenant_id', '=', tenantId)
    .limit(batchSize)
    .execute();
}

/** A publisher's message names the public id: one that was parked later is of another tenant, or of none. */
function eraseParked(...[db, { tenantId, requestedAt }]: Parameters<ErasureStep<LedgerTables>>) {
  return countRemoved({
    parked: db.deleteFrom('parked').where(sql<boolean>`id in (
      select id from parked
      where (tenant_id = ${tenantId} and queue <> ${ingestQueue})
        or (tenant_id = ${publicTenantId(tenantId)} and queue = ${ingestQueue} and parked_at <= ${requestedAt}::timestamptz)
      limit ${batchSize})`),
  });
}
