import { recordAudit } from '#libs/audit';
import type { Actor } from '#libs/contracts';
import { enqueue, type QueryExecutorProvider, sql } from '#libs/persistence';
import type { ApiKeyRow } from '../registry.tables.js';
import { auditApiKey } from './audit-api-key.js';
import { keyChangeOf } from './api-key-of.js';

/** For longer than a gateway goes without reading all keys anew: see RefreshApiKeys there. */
const rememberedFor = '7 days';

/** One version more. Whoever takes it keeps the others waiting until the end of its transaction. */
export async function nextKeyVersion(db: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    update api_key_versions set version = version + 1 returning version`.execute(db);
  return rows[0]?.version ?? 0;
}

/**
 * Revokes a key, or all of a tenant, together with the announcement. What is revoked is remembered for a while, for
 * gateways that missed it.
 * @returns how many it revoked.
 */
export async function revokeKeys(
  db: QueryExecutorProvider,
  which: { readonly id: string } | { readonly tenantId: string },
  actor: Actor | undefined,
): Promise<number> {
  const chosen = 'id' in which ? sql`id = ${which.id}` : sql`tenant_id = ${which.tenantId}`;
  const { rows: keys } = await sql<{ id: string }>`
    select id from api_keys where ${chosen} and revoked_at is null order by id for update`.execute(db);
  for (const { id } of keys) {
    const version = await nextKeyVersion(db);
    const { rows } = await sql<ApiKeyRow>`
      update api_keys set version = ${version}, revoked_at = now() where id = ${id} returning *`.execute(db);
    await enqueue(db, rows.map(keyChangeOf));
    await recordAudit(
      db,
      rows.map((row) => auditApiKey('api-key.revoked', row, actor)),
    );
  }
  await sql`delete from api_keys where revoked_at < now() - ${rememberedFor}::interval`.execute(db);
  return keys.length;
}
