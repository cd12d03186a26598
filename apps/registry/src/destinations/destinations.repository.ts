import { recordAudit } from '#libs/audit';
import type { Actor, Destination, DestinationChanged, Page, PageRequest } from '#libs/contracts';
import {
  Database,
  enqueue,
  exactTime,
  type NewRow,
  type QueryExecutorProvider,
  readPage,
  sql,
} from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { DestinationRow, DestinationsTable, RegistryTables } from '../registry.tables.js';
import { RegistryConfig } from '../registry.config.js';
import { auditDestination, type DestinationChange } from './audit-destination.js';
import { changeOf, deletionOf, destinationOf } from './destination-of.js';
import { mustHaveRoom } from './must-have-room.js';
import { nextVersion } from './next-version.js';

/** A change as it was written, and the message that announces it, which is in the outbox already. */
export interface Changed {
  readonly destination: Destination;
  readonly change: DestinationChanged;
  readonly row: DestinationRow;
  /** By Postgres' clock. */
  readonly now: Date;
}

/** A new destination as it is to be, without what every one begins with. */
export type NewDestinationRow = Omit<
  DestinationRow,
  | 'version'
  | 'renewed_version'
  | 'created_at'
  | 'updated_at'
  | 'retiring_secrets'
  | 'retire_at'
  | 'rotation_id'
>;

const postgresNow = sql<Date>`clock_timestamp()`.as('now');

/** Every change here writes its announcement in the same transaction. */
@Injectable()
export class DestinationsRepository {
  constructor(
    private readonly database: Database<RegistryTables>,
    private readonly config: RegistryConfig,
  ) {}

  /**
   * A second time it changes nothing.
   * @returns the destination; undefined if there is no such tenant.
   * @throws Problem `limit_reached` for one more than the tenant may have.
   */
  insert(values: NewDestinationRow, actor?: Actor): Promise<Changed | undefined> {
    return this.database.ofTenant(values.tenant_id).transaction(async (db) => {
      const tenant = await db
        .selectFrom('tenants')
        .select('id')
        .where('id', '=', values.tenant_id)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (!tenant) return undefined;
      const inserted = await db
        .insertInto('destinations')
        .values(written(values) as NewRow<DestinationsTable>)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst();
      const row = inserted ?? (await this.#select(db, values.tenant_id, values.id).executeTakeFirstOrThrow());
      const changed = changedOf(row, row.updated_at);
      if (inserted) {
        await mustHaveRoom(db, values.tenant_id, this.config.MAX_DESTINATIONS_PER_TENANT);
        await enqueue(db, [changed.change]);
        await record(db, { actor, after: row });
      }
      return changed;
    });
  }

  /**
   * Applies what `decide` makes of the present row, which is left as it is for undefined; two updates at once come one
   * after the other. `by` is recorded with what changed; without it, the change is upkeep and is not audited.
   * @returns undefined if there is no such destination.
   */
  update(
    tenantId: string,
    id: string,
    decide: (row: DestinationRow, now: Date) => Partial<DestinationRow> | undefined,
    by?: Pick<DestinationChange, 'actor' | 'action'>,
  ): Promise<Changed | undefined> {
    return this.database.ofTenant(tenantId).transaction(async (db) => {
      const found = await this.#select(db, tenantId, id).select(postgresNow).forUpdate().executeTakeFirst();
      if (!found) return undefined;
      const { now, ...row } = found;
      const changes = decide(row, now);
      if (!changes) return changedOf(row, now);
      const updated = await db
        .updateTable('destinations')
        .set({ ...written(nextVersion(row, changes)), updated_at: sql`now()` })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      const changed = changedOf(updated, now);
      await enqueue(db, [changed.change]);
      if (by) await record(db, { ...by, before: row, after: updated });
      return changed;
    });
  }

  /** Destinations that have a secret whose time is over. */
  async toRetire(limit: number): Promise<{ tenantId: string; id: string }[]> {
    return this.database.run((db) =>
      db
        .selectFrom('destinations')
        .select(['tenant_id as tenantId', 'id'])
        .where('retire_at', '<', sql<Date>`now()`)
        .orderBy('retire_at')
        .limit(limit)
        .execute(),
    );
  }

  /** Destinations after this id that may have something sealed with another master key than this, or not at all. */
  async sealedOtherwise(
    keyId: string,
    afterId: string,
    limit: number,
  ): Promise<{ tenantId: string; id: string }[]> {
    const other = `v1\\.(?!${keyId})[0-9a-f]{8}\\.`;
    return this.database.run((db) =>
      db
        .selectFrom('destinations')
        .select(['tenant_id as tenantId', 'id'])
        .where('id', '>', afterId)
        .where(
          sql<boolean>`(concat(sealed_secrets, retiring_secrets, headers) ~ ${other}
            or headers::text like '%"value":%')`,
        )
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
  }

  delete(tenantId: string, id: string, actor?: Actor): Promise<DestinationChanged | undefined> {
    return this.database.ofTenant(tenantId).transaction(async (db) => {
      const row = await db
        .deleteFrom('destinations')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      const change = deletionOf(row);
      await enqueue(db, [change]);
      await record(db, { actor, before: row });
      return change;
    });
  }

  find(tenantId: string, id: string): Promise<DestinationRow | undefined> {
    return this.database.ofTenant(tenantId).run((db) => this.#select(db, tenantId, id).executeTakeFirst());
  }

  /** Records that the caller used it. @returns it, and what time it is by Postgres' clock. */
  use(
    tenantId: string,
    id: string,
    { actor, action }: { readonly actor: Actor | undefined; readonly action: string },
  ): Promise<Pick<Changed, 'row' | 'now'> | undefined> {
    return this.database.ofTenant(tenantId).transaction(async (db) => {
      const found = await this.#select(db, tenantId, id).select(postgresNow).executeTakeFirst();
      if (!found) return undefined;
      const { now, ...row } = found;
      await recordAudit(db, [{ actor, action, object: { type: 'destination', id }, tenantId }]);
      return { row, now };
    });
  }

  async list(tenantId: string, page: PageRequest): Promise<Page<Destination>> {
    return this.database.ofTenant(tenantId).run((db) =>
      readPage(
        db
          .selectFrom('destinations')
          .selectAll()
          .select([exactTime('created_at').as('position_at'), 'id as position_id'])
          .where('tenant_id', '=', tenantId),
        { at: 'created_at', id: 'id' },
        page,
        destinationOf,
      ),
    );
  }

  #select(db: Parameters<Parameters<Database<RegistryTables>['run']>[0]>[0], tenantId: string, id: string) {
    return db.selectFrom('destinations').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id);
  }
}

async function record(db: QueryExecutorProvider, change: DestinationChange): Promise<void> {
  const entry = auditDestination(change);
  if (entry) await recordAudit(db, [entry]);
}

function changedOf(row: DestinationRow, now: Date): Changed {
  return { destination: destinationOf(row), change: changeOf(row), row, now };
}

/** Columns of JSON as text: an array would be taken for one of Postgres' own. */
function written({ filter, headers, retiring_secrets, ...rest }: Partial<DestinationRow>) {
  return {
    ...rest,
    ...(filter !== undefined && { filter: filter && JSON.stringify(filter) }),
    ...(headers && { headers: JSON.stringify(headers) }),
    ...(retiring_secrets && { retiring_secrets: JSON.stringify(retiring_secrets) }),
  };
}
