import type { Kysely, Transaction } from 'kysely';
import { enterTenant } from './tenant-rows.js';

interface Transactions<Tables> {
  transaction<Result>(work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  within<Result>(timeoutMs: number, work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result>;
}

/**
 * A database as the requests of one tenant are to see it: whatever a query forgets, Postgres shows and takes no other
 * tenant's rows. Everything is a transaction here, for which the tenant is set.
 */
export class TenantDatabase<Tables> implements Transactions<Tables> {
  constructor(
    private readonly whole: Transactions<Tables>,
    private readonly asking: { readonly role: string; readonly tenantId: string },
  ) {}

  /** @throws DatabaseUnavailableError for what may succeed later. */
  run<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return this.transaction(work);
  }

  transaction<Result>(work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.whole.transaction((db) => this.#within(db, work));
  }

  /** @throws DatabaseUnavailableError also for what took too long. */
  within<Result>(timeoutMs: number, work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.whole.within(timeoutMs, (db) => this.#within(db, work));
  }

  async #within<Result>(
    db: Transaction<Tables>,
    work: (db: Transaction<Tables>) => Promise<Result>,
  ): Promise<Result> {
    await enterTenant(db, this.asking);
    return work(db);
  }
}
