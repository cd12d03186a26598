import {
  create,
  type Page,
  type PageRequest,
  type Tenant,
  TenantChanged,
  type TenantInput,
} from '#libs/contracts';
import { Database, enqueue, exactTime, readPage, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { RegistryTables, TenantsTable } from '../registry.tables.js';

@Injectable()
export class TenantsRepository {
  constructor(private readonly database: Database<RegistryTables>) {}

  put(id: string, { name, metadata }: TenantInput): Promise<{ tenant: Tenant; created: boolean }> {
    return this.database.transaction(async (db) => {
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
      return { tenant: tenantOf(row), created: row.created };
    });
  }

  async find(id: string): Promise<Tenant | undefined> {
    const row = await this.database.run((db) =>
      db.selectFrom('tenants').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && tenantOf(row);
  }

  async list(page: PageRequest): Promise<Page<Tenant>> {
    const rows = await this.database.run((db) =>
      readPage(
        db
          .selectFrom('tenants')
          .selectAll()
          .select([exactTime('created_at').as('position_at'), 'id as position_id']),
        { at: 'created_at', id: 'id' },
        page,
      ),
    );
    return { ...rows, data: rows.data.map(tenantOf) };
  }
}

function tenantOf(row: Row<TenantsTable>): Tenant {
  return {
    id: row.id,
    name: row.name,
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
