import { type EventFilter, readFilter } from '#libs/filter';
import { Log } from '#libs/observability';
import { Database } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { RouterTables } from '../router.tables.js';
import { type Subscription, Subscriptions } from './subscriptions.js';

interface Kept {
  readonly revision: string;
  readonly subscriptions: Subscriptions;
  readonly size: number;
}

const maxKeptDestinations = 200_000;

/**
 * Who subscribes to what. The database is asked for each batch whether what is in memory still holds, so that a change
 * applied by any router process is seen by all with the next event.
 */
@Injectable()
export class DirectoryRepository {
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: maxKeptDestinations,
    sizeCalculation: ({ size }) => size + 1,
  });

  constructor(
    private readonly database: Database<RouterTables>,
    private readonly log: Log,
  ) {}

  async ofTenants(tenantIds: readonly string[]): Promise<ReadonlyMap<string, Subscriptions>> {
    if (tenantIds.length === 0) return new Map();
    const revisions = await this.#revisions([...new Set(tenantIds)]);
    const stale = [...revisions]
      .filter(([tenantId, revision]) => this.#kept.peek(tenantId)?.revision !== revision)
      .map(([tenantId]) => tenantId);
    const loaded = stale.length > 0 ? await this.#load(stale) : new Map<string, Subscription[]>();
    const found = new Map<string, Subscriptions>();
    for (const [tenantId, revision] of revisions) {
      const own = loaded.get(tenantId);
      const kept = own
        ? { revision, subscriptions: new Subscriptions(own), size: own.length }
        : this.#kept.get(tenantId);
      if (!kept) continue;
      this.#kept.set(tenantId, kept);
      found.set(tenantId, kept.subscriptions);
    }
    return found;
  }

  async #revisions(tenantIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.run((db) =>
      db.selectFrom('tenants').selectAll().where('tenant_id', 'in', tenantIds).execute(),
    );
    return new Map(rows.map((row) => [row.tenant_id, row.revision]));
  }

  async #load(tenantIds: readonly string[]): Promise<Map<string, Subscription[]>> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('destinations')
        .select(['tenant_id', 'destination_id', 'version', 'enabled', 'event_types', 'filter'])
        .where('tenant_id', 'in', tenantIds)
        .where('deleted', '=', false)
        .execute(),
    );
    const loaded = new Map<string, Subscription[]>(tenantIds.map((tenantId) => [tenantId, []]));
    for (const row of rows) {
      loaded.get(row.tenant_id)?.push({
        destinationId: row.destination_id,
        destinationVersion: row.version,
        enabled: row.enabled,
        eventTypes: row.event_types,
        ...(row.filter && { filter: this.#compiled(row.destination_id, row.filter) }),
      });
    }
    return loaded;
  }

  /** The registry has read it before; one that a newer registry wrote holds nothing back here: rather too much than a loss. */
  #compiled(destinationId: string, filter: object): EventFilter | undefined {
    const read = readFilter(filter);
    if ('filter' in read) return read.filter;
    this.log.error('filter.not-readable', { destinationId, faults: read.faults });
    return undefined;
  }
}
