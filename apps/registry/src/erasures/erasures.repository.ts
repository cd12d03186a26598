import {
  create,
  type Erasure,
  type ErasureFilter,
  newId,
  type Page,
  type PageRequest,
  publicTenantId,
  type TenantErased,
  TenantErasureRequested,
  topology,
} from '#libs/contracts';
import { Database, enqueue, exactTime, type Kysely, readPage, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { ErasureServicesTable, ErasuresTable, RegistryTables } from '../registry.tables.js';

/** Each has a queue for what is to be erased. */
const services = topology
  .filter(({ message }) => message === TenantErasureRequested)
  .map(({ name }) => name.slice(0, name.indexOf('.')));

@Injectable()
export class ErasuresRepository {
  constructor(private readonly database: Database<RegistryTables>) {}

  async find(id: string): Promise<Erasure | undefined> {
    return this.database.run(async (db) => {
      const row = await db.selectFrom('erasures').selectAll().where('id', '=', id).executeTakeFirst();
      return row && erasureOf(row, await servicesOf(db, [id]));
    });
  }

  async list({ tenantId }: ErasureFilter, page: PageRequest): Promise<Page<Erasure>> {
    return this.database.run(async (db) => {
      const found = await readPage(
        db
          .selectFrom('erasures')
          .selectAll()
          .select([exactTime('requested_at').as('position_at'), 'id as position_id'])
          .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId ?? '')),
        { at: 'requested_at', id: 'id' },
        page,
        (row) => row,
      );
      const reports = await servicesOf(
        db,
        found.data.map(({ id }) => id),
      );
      return { ...found, data: found.data.map((row) => erasureOf(row, reports)) };
    });
  }

  /** A report that comes late, or again, changes nothing once its service has finished. */
  record({ erasureId, service, removed, done }: TenantErased): Promise<void> {
    return this.database.transaction(async (db) => {
      await sql`select from erasures where id = ${erasureId} for update`.execute(db);
      await sql`
        update erasure_services set removed = ${JSON.stringify(removed)}::jsonb,
          finished_at = case when ${done}::boolean then now() end
        where erasure_id = ${erasureId} and service = ${service} and finished_at is null`.execute(db);
      await sql`
        update erasures set finished_at = now()
        where id = ${erasureId} and finished_at is null and not exists (
          select from erasure_services where erasure_id = ${erasureId} and finished_at is null)`.execute(db);
    });
  }
}

/**
 * Begins the erasure of a tenant in the transaction that deletes it.
 * @param removed what that transaction removes.
 * @returns the id of the erasure.
 */
export async function beginErasure(
  db: Kysely<RegistryTables>,
  reference: string,
  removed: Readonly<Record<string, number>>,
): Promise<string> {
  const id = newId('era');
  const { requested_at } = await db
    .insertInto('erasures')
    .values({ id, tenant_id: publicTenantId(reference) })
    .returning('requested_at')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('erasure_services')
    .values([
      ...services.map((service) => ({ erasure_id: id, service, removed: '{}' })),
      {
        erasure_id: id,
        service: 'registry',
        removed: JSON.stringify(removed),
        finished_at: sql<Date>`now()`,
      },
    ])
    .execute();
  const requestedAt = requested_at.toISOString();
  await enqueue(db, [create(TenantErasureRequested, { erasureId: id, tenantId: reference, requestedAt })]);
  return id;
}

function servicesOf(
  db: Kysely<RegistryTables>,
  ids: readonly string[],
): Promise<Row<ErasureServicesTable>[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('erasure_services')
    .selectAll()
    .where('erasure_id', 'in', ids)
    .orderBy('service')
    .execute();
}

function erasureOf(row: Row<ErasuresTable>, reports: readonly Row<ErasureServicesTable>[]): Erasure {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    ...stateOf(row.finished_at),
    requestedAt: row.requested_at.toISOString(),
    services: reports
      .filter(({ erasure_id }) => erasure_id === row.id)
      .map(({ service, removed, finished_at }) => ({ name: service, removed, ...stateOf(finished_at) })),
  };
}

function stateOf(finishedAt: Date | null): Pick<Erasure, 'state' | 'finishedAt'> {
  return finishedAt === null
    ? { state: 'running', finishedAt: null }
    : { state: 'done', finishedAt: finishedAt.toISOString() };
}
