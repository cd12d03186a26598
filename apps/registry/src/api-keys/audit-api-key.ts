import type { AuditEntry } from '#libs/audit';
import type { Actor } from '#libs/contracts';
import type { ApiKeyRow } from '../registry.tables.js';
import { apiKeyOf } from './api-key-of.js';

export function auditApiKey(
  action: 'api-key.created' | 'api-key.revoked',
  row: ApiKeyRow,
  actor: Actor | undefined,
): AuditEntry {
  const { id, tenant_id } = row;
  const fields = auditedFields(row);
  return {
    actor,
    action,
    object: { type: 'api-key', id },
    tenantId: tenant_id ?? undefined,
    ...(action === 'api-key.created' ? { after: fields } : { before: fields }),
  };
}

function auditedFields(row: ApiKeyRow) {
  const { name, maskedKey, scopes, tenantId, expiresAt } = apiKeyOf(row);
  return { name, maskedKey, scopes, tenantId, expiresAt };
}
