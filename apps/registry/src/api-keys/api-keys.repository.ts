import { recordAudit } from '#libs/audit';
import type { Actor, ApiKey, ApiKeyChanges, ApiKeyFilter, KeyUse, Page, PageRequest } from '#libs/contracts';
import { Database, enqueue, exactTime, type Kysely, type NewRow, readPage, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { ApiKeysTable, RegistryTables } from '../registry.tables.js';
import { auditApiKey } from './audit-api-key.js';
import { apiKeyOf, keyChangeOf } from './api-key-of.js';
import { nextKeyVersion, revokeKeys } from './revoke-keys.js';

/** Every gateway has all of them in memory. */
const maxKeys = 50_000;

/** Every change here writes its announcement in the same transaction. */
@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: Database<RegistryTables>) {}

  /** A second time it changes nothing. @param tenantId the public id of the tenant that the key is bound to. */
  insert(
    values: Omit<NewRow<ApiKeysTable>, 'version' | 'tenant_id'>,
    tenantId: string | null,
    actor: Actor | undefined,
  ): Promise<ApiKey | 'tenant is not there' | 'too many'> {
    return this.database.transaction(async (db) => {
      const tenant = tenantId === null ? { id: null } : await lockedTenant(db, tenantId);
      if (!tenant) return 'tenant is not there';
      const version = await nextKeyVersion(db);
      const { count } = await db
        .selectFrom('api_keys')
        .select(sql<number>`count(*)::integer`.as('count'))
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (count >= maxKeys) return 'too many';
      const inserted = await db
        .insertInto('api_keys')
        .values({ ...values, tenant_id: tenant.id, version })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (inserted) {
        await enqueue(db, [keyChangeOf(inserted)]);
        await recordAudit(db, [auditApiKey('api-key.created', inserted, actor)]);
        return apiKeyOf(inserted);
      }
      return apiKeyOf(
        await db.selectFrom('api_keys').selectAll().where('id', '=', values.id).executeTakeFirstOrThrow(),
      );
    });
  }

  /** @returns false if there is no such key. */
  revoke(id: string, actor: Actor | undefined): Promise<boolean> {
    return this.database.transaction(async (db) => (await revokeKeys(db, { id }, actor)) > 0);
  }

  async list(filter: ApiKeyFilter, page: PageRequest): Promise<Page<ApiKey>> {
    return this.database.run((db) => {
      let query = db
        .selectFrom('api_keys')
        .selectAll()
        .select([exactTime('created_at').as('position_at'), 'id as position_id'])
        .where('revoked_at', 'is', null);
      if (filter.tenantId !== undefined)
        query = query.where('tenant_id', 'in', (where) =>
          where
            .selectFrom('tenants')
            .select('id')
            .where('public_id', '=', filter.tenantId ?? ''),
        );
      return readPage(query, { at: 'created_at', id: 'id' }, page, apiKeyOf);
    });
  }

  /** Uses come late, in any order and more than once: the newest of each key counts. */
  async recordUses(uses: readonly KeyUse[]): Promise<void> {
    const ids = uses.map(({ keyId }) => keyId);
    const times = uses.map(({ usedAt }) => usedAt);
    await this.database.run((db) =>
      sql`
        update api_keys set last_used_at = used_at
        from (
          select id, max(used_at) as used_at
          from unnest(${ids}::text[], ${times}::timestamptz[]) as uses (id, used_at) group by id
        ) as newest
        where api_keys.id = newest.id and (last_used_at is null or last_used_at < newest.used_at)`.execute(
        db,
      ),
    );
  }

  /** The changes after a version, oldest first. Versions are committed in their order: there are no gaps to come. */
  async changesAfter(after: number, limit: number): Promise<ApiKeyChanges> {
    return this.database.run(async (db) => {
      // The newest first: what is committed between the two is read again, rather than never.
      const { version } = await db.selectFrom('api_key_versions').select('version').executeTakeFirstOrThrow();
      if (version === after) return { changes: [], version, hasMore: false };
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('version', '>', after)
        .orderBy('version')
        .limit(limit + 1)
        .execute();
      return {
        changes: rows.slice(0, limit).map(keyChangeOf),
        version,
        hasMore: rows.length > limit,
      };
    });
  }
}

/** It stays until the end of the transaction. */
function lockedTenant(db: Kysely<RegistryTables>, publicId: string): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('tenants')
    .select('id')
    .where('public_id', '=', publicId)
    .forShare()
    .executeTakeFirst();
}
