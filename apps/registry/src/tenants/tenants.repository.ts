import { recordAudit } from '#libs/audit';
import {
  type Actor,
  create,
  type Page,
  type PageRequest,
  type ReferencedTenant,
  type Tenant,
  TenantChanged,
  type TenantInput,
  tenantReference,
} from '#libs/contracts';
import { Database, enqueue, exactTime, type Kysely, readPage, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { RegistryTables, TenantsTable } from '../registry.tables.js';
import { auditTenant } from './audit-tenant.js';
import { lockTenantId } from './lock-tenant-id.js';

@Injectable()
export class TenantsRepository {
  constructor(private readonly database: Database<RegistryTables>) {}

  put(
    publicId: string,
    { name, metadata }: TenantInput,
    actor: Actor | undefined,
  ): Promise<ReferencedTenant & { readonly created: boolean }> {
    return this.database.transaction(async (db) => {
      await lockTenantId(db, publicId);
      const before = await select(db, publicId);
      const id = before?.id ?? (await nextReference(db, publicId));
      const row = await db
        .insertInto('tenants')
        .values({ id, name: name ?? null, metadata: metadata ?? {} })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet({
            name: (excluded) => excluded.ref('excluded.name'),
            metadata: (excluded) => excluded.ref('excluded.metadata'),
            updated_at: sql`now()`,
          }),
        )
        .returningAll()
        // Postgres marks a row that this statement inserted, and did not update, with no deleting transaction.
        .returning(sql<boolean>`xmax = 0`.as('created'))
        .executeTakeFirstOrThrow();
      if (row.created) await enqueue(db, [create(TenantChanged, { tenantId: id, deleted: false })]);
      const entry = auditTenant({ actor, before, after: row });
      if (entry.after) await recordAudit(db, [entry]);
      return { tenant: tenantOf(row), reference: row.id, created: row.created };
    });
  }

  async find(publicId: string): Promise<ReferencedTenant | undefined> {
    const row = await this.database.run((db) => select(db, publicId));
    return row && { tenant: tenantOf(row), reference: row.id };
  }

  async list(page: PageRequest): Promise<Page<Tenant>> {
    return this.database.run((db) =>
      readPage(
        db
          .selectFrom('tenants')
          .selectAll()
          .select([exactTime('created_at').as('position_at'), 'id as position_id']),
        { at: 'created_at', id: 'id' },
        page,
        tenantOf,
      ),
    );
  }
}

function select(db: Kysely<RegistryTables>, publicId: string): Promise<Row<TenantsTable> | undefined> {
  return db.selectFrom('tenants').selectAll().where('public_id', '=', publicId).executeTakeFirst();
}

async function nextReference(db: Kysely<RegistryTables>, publicId: string): Promise<string> {
  const row = await db
    .selectFrom('tenant_generations')
    .select('generation')
    .where('public_id', '=', publicId)
    .executeTakeFirst();
  return tenantReference(publicId, (row?.generation ?? 0) + 1);
}

function tenantOf(row: Row<TenantsTable>): Tenant {
  return {
    id: row.public_id,
    name: row.name,
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
