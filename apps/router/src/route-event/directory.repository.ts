import { Log } from '#libs/observability';
import { Database, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { RouterTables } from '../router.tables.js';
import { type DestinationSettings, subscriptionOf } from './subscription-of.js';
import { type Subscription, Subscriptions } from './subscriptions.js';

interface Kept {
  readonly revision: string;
  readonly subscriptions: Subscriptions;
}

type Loaded = { readonly tenant_id: string } & (
  | (DestinationSettings & { readonly is_known: false })
  | { readonly destination_id: string; readonly is_known: true }
);

/** A small part of what a router may have: by default its heap may take some hundred MiB. */
const maxKeptBytes = 128 * 1024 * 1024;

/**
 * Who subscribes to what. The database is asked for each batch whether what is in memory still holds, so that a change
 * applied by any router process is seen by all with the next event. Only destinations that changed are loaded and read.
 */
@Injectable()
export class DirectoryRepository {
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: maxKeptBytes,
    sizeCalculation: ({ subscriptions: { all } }) => all.reduce((sum, { bytes }) => sum + bytes, 1000),
  });

  constructor(
    private readonly database: Database<RouterTables>,
    private readonly log: Log,
  ) {}

  async ofTenants(tenantIds: readonly string[]): Promise<ReadonlyMap<string, Subscriptions>> {
    if (tenantIds.length === 0) return new Map();
    const revisions = await this.#revisions([...new Set(tenantIds)]);
    const found = this.#unchanged(revisions);
    const stale = [...revisions].filter(([tenantId]) => !found.has(tenantId));
    if (stale.length === 0) return found;
    const loaded = await this.#load(stale.map(([tenantId]) => tenantId));
    for (const [tenantId, revision] of stale) {
      const subscriptions = new Subscriptions(loaded.get(tenantId) ?? []);
      this.#kept.set(tenantId, { revision, subscriptions });
      found.set(tenantId, subscriptions);
    }
    return found;
  }

  /** To be read before anything is awaited or added: either may remove an entry from the cache. */
  #unchanged(revisions: ReadonlyMap<string, string>): Map<string, Subscriptions> {
    const found = new Map<string, Subscriptions>();
    for (const [tenantId, revision] of revisions) {
      const kept = this.#kept.get(tenantId);
      if (kept?.revision === revision) found.set(tenantId, kept.subscriptions);
    }
    return found;
  }

  async #revisions(tenantIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.run((db) =>
      db.selectFrom('tenants').selectAll().where('tenant_id', 'in', tenantIds).execute(),
    );
    return new Map(rows.map((row) => [row.tenant_id, row.revision]));
  }

  /** In the order of their ids: those that are older spend the budget of filters first, whichever process routes. */
  async #load(tenantIds: readonly string[]): Promise<Map<string, Subscription[]>> {
    const known = new Map(
      tenantIds.flatMap((tenantId) =>
        (this.#kept.peek(tenantId)?.subscriptions.all ?? []).map((one) => [one.destinationId, one] as const),
      ),
    );
    const versions = [...known.values()].map(({ destinationVersion }) => destinationVersion);
    const { rows } = await this.database.run((db) =>
      sql<Loaded>`
        select tenant_id, destination_id, known.version is not null as is_known, destinations.version, enabled,
          case when known.version is null then event_types end as event_types,
          case when known.version is null then filter end as filter
        from destinations
        left join unnest(${[...known.keys()]}::text[], ${versions}::integer[]) as known (destination_id, version)
          using (destination_id, version)
        where tenant_id = any(${tenantIds}::text[]) and not deleted
        order by destination_id`.execute(db),
    );
    const loaded = new Map<string, Subscription[]>(tenantIds.map((tenantId) => [tenantId, []]));
    for (const row of rows) {
      const subscription = row.is_known ? known.get(row.destination_id) : this.#read(row);
      if (subscription) loaded.get(row.tenant_id)?.push(subscription);
    }
    return loaded;
  }

  #read(row: DestinationSettings): Subscription {
    return subscriptionOf(row, (faults) =>
      this.log.error('filter.not-readable', { destinationId: row.destination_id, faults }),
    );
  }
}
