import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, type QueryExecutorProvider, sql, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import { measured, showPool } from './database-metrics.js';
import { DatabaseUnavailableError, isUnavailable } from './database-unavailable.error.js';
import { TenantDatabase } from './tenant-database.js';
import { prepareTenantRole, type TenantRole } from './tenant-rows.js';

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own; everything it names is in it. */
  readonly schema: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  /** How long `migrate` waits for a database that does not answer. */
  readonly startTimeoutMs: number;
}

const startPollMs = 500;

/** A service's own schema of a Postgres database. */
export class Database<Tables> {
  readonly #kysely: Kysely<Tables>;
  #tenantRole: TenantRole = 'idle';

  constructor(private readonly options: DatabaseOptions) {
    const pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      connectionTimeoutMillis: 5000,
      idleTimeoutMillis: 30_000,
      // Where a table is large Postgres would compile statements of some milliseconds, each time for up to a hundred.
      options: `-c search_path=${options.schema} -c statement_timeout=${options.statementTimeoutMs} -c jit=off`,
      // Postgres' own deadline does not end a wait for a server that has frozen.
      query_timeout: options.statementTimeoutMs + 5000,
      keepAlive: true,
    });
    // An idle connection that breaks says so here; the next query opens another.
    pool.on('error', () => undefined);
    // One that breaks between two queries of a transaction says so itself, and ends the process where nobody listens.
    pool.on('connect', (client) => client.on('error', () => undefined));
    showPool({ pool, max: options.poolSize });
    this.#kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  }

  /**
   * Runs queries, each on its own.
   * @throws DatabaseUnavailableError for what may succeed later.
   */
  run<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return measured('query', () => this.#run(work));
  }

  async #run<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.#kysely);
    } catch (error) {
      throw isUnavailable(error) ? new DatabaseUnavailableError(error) : error;
    }
  }

  /** Runs queries in one transaction; whatever is thrown rolls it back. */
  transaction<Result>(work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return measured('transaction', () => this.#run((db) => db.transaction().execute(work)));
  }

  /**
   * Runs what somebody waits for no longer than so: it is given up then, and does not go on for nobody.
   * @throws DatabaseUnavailableError also for what took too long.
   */
  within<Result>(timeoutMs: number, work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.transaction(async (db) => {
      await sql`select set_config('statement_timeout', ${String(timeoutMs)}, true)`.execute(db);
      return work(db);
    });
  }

  /** For a request of one tenant; undefined for one that is about all of them. */
  ofTenant(tenantId: string | undefined): Pick<Database<Tables>, 'run' | 'transaction' | 'within'> {
    const role = this.#tenantRole;
    if (tenantId === undefined || typeof role === 'string') return this;
    return new TenantDatabase(this, { role: role.name, tenantId });
  }

  /** Then nothing but the queries keeps the rows of tenants apart. Known once it is migrated. */
  get lacksTenantRole(): boolean {
    return this.#tenantRole === 'missing';
  }

  /**
   * Brings the schema up to date. Processes that start together wait for one another, and for a database that is only
   * starting itself.
   * @throws DatabaseUnavailableError if it does not answer in time.
   */
  async migrate(migrations: Record<string, Migration>): Promise<void> {
    const deadlineMs = Date.now() + this.options.startTimeoutMs;
    for (;;) {
      try {
        return await this.run((db) => this.#migrate(db, migrations));
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError) || Date.now() > deadlineMs) throw error;
        await delay(startPollMs);
      }
    }
  }

  async isReady(): Promise<boolean> {
    try {
      await this.run((db) => sql`select 1`.execute(db));
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#kysely.destroy();
  }

  async #migrate(db: Kysely<Tables>, migrations: Record<string, Migration>): Promise<void> {
    const { schema } = this.options;
    const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db);
    if (rows.length === 0) await db.transaction().execute((transaction) => createSchema(transaction, schema));
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(migrations) },
      migrationTableSchema: schema,
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    this.#tenantRole = await prepareTenantRole(db, schema);
  }
}

/** `if not exists` alone lets two processes that start together both try, and one of them fail. */
async function createSchema(transaction: QueryExecutorProvider, schema: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`posthorn ${schema}`}))`.execute(transaction);
  await sql`create schema if not exists ${sql.id(schema)}`.execute(transaction);
}
