import { loadConfig } from '#libs/config';
import { Log, Readiness } from '#libs/observability';
import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Migration } from 'kysely/migration';
import { Database } from './database.js';
import { PersistenceConfig } from './persistence.config.js';

const MIGRATIONS = Symbol('migrations');

/** Gives an app its database, migrated before anything uses it, closed after everything that does. */
@Global()
@Module({})
export class PersistenceModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database<unknown>,
    @Inject(MIGRATIONS) private readonly migrations: Record<string, Migration>,
    readiness: Readiness,
    private readonly log: Log,
  ) {
    readiness.add('postgres', () => database.isReady());
  }

  static forSchema(schema: string, migrations: Record<string, Migration>): DynamicModule {
    return {
      module: PersistenceModule,
      providers: [
        { provide: MIGRATIONS, useValue: migrations },
        { provide: PersistenceConfig, useFactory: () => loadConfig(PersistenceConfig) },
        {
          provide: Database,
          inject: [PersistenceConfig],
          useFactory: (config: PersistenceConfig) =>
            new Database({
              url: config.DATABASE_URL.reveal(),
              schema,
              poolSize: config.DATABASE_POOL_SIZE,
              statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
              startTimeoutMs: config.DATABASE_START_TIMEOUT_MS,
            }),
        },
      ],
      exports: [Database],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.database.migrate(this.migrations);
    if (this.database.lacksTenantRole)
      this.log.warn('tenants.not-kept-apart', {
        reason: 'Postgres has no role for it that we may use or make: docs/security.md says which.',
      });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
