import {
  create,
  type Destination,
  DestinationChanged,
  type Page,
  type PageRequest,
  TenantChanged,
} from '#libs/contracts';
import { Database, enqueue, exactTime, type NewRow, readPage, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { DestinationRow, DestinationsTable, RegistryTables } from '../registry.tables.js';
import { changeOf, destinationOf } from './destination-of.js';
import { nextVersion } from './next-version.js';

/** A change as it was written, and the message that announces it, which is in the outbox already. */
export interface Changed {
  readonly destination: Destination;
  readonly change: DestinationChanged;
}

/** Every change here writes its announcement in the same transaction. */
@Injectable()
export class DestinationsRepository {
  constructor(private readonly database: Database<RegistryTables>) {}

  /** A second time it changes nothing. @returns the destination; undefined if there is no such tenant. */
  insert(values: NewRow<DestinationsTable>): Promise<Changed | undefined> {
    return this.database.transaction(async (db) => {
      const tenant = await db
        .selectFrom('tenants')
        .select('id')
        .where('id', '=', values.tenant_id)
        .forShare()
        .executeTakeFirst();
      if (!tenant) return undefined;
      const inserted = await db
        .insertInto('destinations')
        .values(values)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst();
      const row = inserted ?? (await this.#select(db, values.tenant_id, values.id).executeTakeFirstOrThrow());
      const change = changeOf(row);
      if (inserted) await enqueue(db, [change]);
      return { destination: destinationOf(row), change };
    });
  }

  /**
   * Applies what `decide` makes of the present row, which is left as it is for undefined; two updates at once come one
   * after the other.
   * @returns undefined if there is no such destination.
   */
  update(
    tenantId: string,
    id: string,
    decide: (row: DestinationRow) => Partial<DestinationRow> | undefined,
  ): Promise<Changed | undefined> {
    return this.database.transaction(async (db) => {
      const row = await this.#select(db, tenantId, id).forUpdate().executeTakeFirst();
      if (!row) return undefined;
      const changes = decide(row);
      if (!changes) return { destination: destinationOf(row), change: changeOf(row) };
      const updated = await db
        .updateTable('destinations')
        .set({ ...nextVersion(row, changes), updated_at: sql`now()` })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      const change = changeOf(updated);
      await enqueue(db, [change]);
      return { destination: destinationOf(updated), change };
    });
  }

  delete(tenantId: string, id: string): Promise<DestinationChanged | undefined> {
    return this.database.transaction(async (db) => {
      const row = await db
        .deleteFrom('destinations')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      const change = deletionOf(row);
      await enqueue(db, [change]);
      return change;
    });
  }

  /** Deletes a tenant and all it has. @returns undefined if there is none. */
  deleteTenant(tenantId: string): Promise<DestinationChanged[] | undefined> {
    return this.database.transaction(async (db) => {
      const tenant = await db
        .selectFrom('tenants')
        .select('id')
        .where('id', '=', tenantId)
        .forUpdate()
        .executeTakeFirst();
      if (!tenant) return undefined;
      const rows = await db
        .deleteFrom('destinations')
        .where('tenant_id', '=', tenantId)
        .returningAll()
        .execute();
      await db.deleteFrom('tenants').where('id', '=', tenantId).execute();
      const changes = rows.map(deletionOf);
      await enqueue(db, [create(TenantChanged, { tenantId, deleted: true }), ...changes]);
      return changes;
    });
  }

  find(tenantId: string, id: string): Promise<DestinationRow | undefined> {
    return this.database.run((db) => this.#select(db, tenantId, id).executeTakeFirst());
  }

  async list(tenantId: string, page: PageRequest): Promise<Page<Destination>> {
    const rows = await this.database.run((db) =>
      readPage(
        db
          .selectFrom('destinations')
          .selectAll()
          .select([exactTime('created_at').as('position_at'), 'id as position_id'])
          .where('tenant_id', '=', tenantId),
        { at: 'created_at', id: 'id' },
        page,
      ),
    );
    return { ...rows, data: rows.data.map(destinationOf) };
  }

  #select(db: Parameters<Parameters<Database<RegistryTables>['run']>[0]>[0], tenantId: string, id: string) {
    return db.selectFrom('destinations').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id);
  }
}

/** A deletion is one more version, so that it outranks whatever change may still be on its way. */
function deletionOf(row: DestinationRow): DestinationChanged {
  return changeOf({ ...row, version: row.version + 1 }, { deleted: true });
}
