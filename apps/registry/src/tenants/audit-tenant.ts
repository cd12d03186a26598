import { type AuditEntry, changedFields } from '#libs/audit';
import type { Actor } from '#libs/contracts';
import type { Row } from '#libs/persistence';
import type { TenantsTable } from '../registry.tables.js';

type Tenant = Pick<Row<TenantsTable>, 'public_id' | 'name' | 'metadata'>;

interface TenantChange {
  readonly actor: Actor | undefined;
  /** The tenant that is changed or deleted. */
  readonly before?: Tenant | undefined;
  readonly after?: Tenant;
}

export function auditTenant({ actor, before, after }: TenantChange): AuditEntry {
  const id = (after ?? before)?.public_id ?? '';
  return {
    actor,
    action: actionOf(before, after),
    object: { type: 'tenant', id },
    tenantId: id,
    ...changedFields(before && auditedFields(before), after && auditedFields(after)),
  };
}

function actionOf(before: Tenant | undefined, after: Tenant | undefined): string {
  if (!before) return 'tenant.created';
  return after ? 'tenant.updated' : 'tenant.deleted';
}

function auditedFields({ name, metadata }: Tenant) {
  return { name, metadata };
}
