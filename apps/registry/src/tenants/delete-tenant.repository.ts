import { recordAudit } from '#libs/audit';
import {
  type Actor,
  create,
  type DestinationChanged,
  TenantChanged,
  tenantGeneration,
} from '#libs/contracts';
import { Database, enqueue, type Kysely } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { revokeKeys } from '../api-keys/revoke-keys.js';
import { auditDestination } from '../destinations/audit-destination.js';
import { deletionOf } from '../destinations/destination-of.js';
import type { RegistryTables } from '../registry.tables.js';
import { beginErasure } from '../erasures/erasures.repository.js';
import { auditTenant } from './audit-tenant.js';
import { lockTenantId } from './lock-tenant-id.js';

export interface DeletedTenant {
  readonly erasureId: string;
  readonly changes: DestinationChanged[];
}

@Injectable()
export class DeleteTenantRepository {
  constructor(private readonly database: Database<RegistryTables>) {}

  /**
   * Deletes a tenant and all it has, its API keys too, and begins the erasure of what other services have of it.
   * @returns undefined if there is none.
   */
  delete(publicId: string, actor?: Actor): Promise<DeletedTenant | undefined> {
    return this.database.transaction(async (db) => {
      await lockTenantId(db, publicId);
      const tenant = await db
        .selectFrom('tenants')
        .selectAll()
        .where('public_id', '=', publicId)
        .forUpdate()
        .executeTakeFirst();
      if (!tenant) return undefined;
      const rows = await db
        .deleteFrom('destinations')
        .where('tenant_id', '=', tenant.id)
        .returningAll()
        .execute();
      const apiKeys = await revokeKeys(db, { tenantId: tenant.id }, actor);
      // A revoked key is kept for a while, for gateways that missed it: without what people wrote.
      await db.updateTable('api_keys').set({ name: null }).where('tenant_id', '=', tenant.id).execute();
      await db.deleteFrom('tenants').where('id', '=', tenant.id).execute();
      await keepGeneration(db, publicId, tenantGeneration(tenant.id));
      const deleted = rows.flatMap((before) => auditDestination({ actor, before }) ?? []);
      await recordAudit(db, [...deleted, auditTenant({ actor, before: tenant })]);
      const changes = rows.map(deletionOf);
      await enqueue(db, [create(TenantChanged, { tenantId: tenant.id, deleted: true }), ...changes]);
      const removed = { destinations: changes.length, apiKeys };
      return { erasureId: await beginErasure(db, tenant.id, removed), changes };
    });
  }
}

async function keepGeneration(
  db: Kysely<RegistryTables>,
  publicId: string,
  generation: number,
): Promise<void> {
  await db
    .insertInto('tenant_generations')
    .values({ public_id: publicId, generation })
    .onConflict((conflict) => conflict.column('public_id').doUpdateSet({ generation }))
    .execute();
}
