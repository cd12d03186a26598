import { type ApiKey, ApiKeyChanged, create, publicTenantId } from '#libs/contracts';
import type { ApiKeyRow } from '../registry.tables.js';

/** What the API shows of a row. */
export function apiKeyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    maskedKey: row.masked_key,
    scopes: row.scopes,
    tenantId: row.tenant_id === null ? null : publicTenantId(row.tenant_id),
    expiresAt: row.expires_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}

/** What the gateways are told of a row. */
export function keyChangeOf(row: ApiKeyRow): ApiKeyChanged {
  return create(ApiKeyChanged, {
    keyId: row.id,
    version: row.version,
    revoked: row.revoked_at !== null,
    hash: row.hash,
    pepperId: row.pepper_id,
    scopes: row.scopes,
    ...(row.tenant_id !== null && { tenantId: row.tenant_id }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at.toISOString() }),
  });
}
