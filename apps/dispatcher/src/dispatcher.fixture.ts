import { Database } from '#libs/persistence';
import { freshDatabase } from '#libs/testing';
import { migrations } from '../migrations/index.js';
import type { DispatcherTables } from './dispatcher.tables.js';

export interface DispatcherDatabase {
  readonly database: Database<DispatcherTables>;
  /** As another process would open it. */
  readonly another: () => Database<DispatcherTables>;
  readonly drop: () => Promise<void>;
}

/** An empty database of the dispatcher's, migrated. */
export async function dispatcherDatabase(): Promise<DispatcherDatabase> {
  const fresh = await freshDatabase();
  const opened: Database<DispatcherTables>[] = [];
  const another = (): Database<DispatcherTables> => {
    const database = new Database<DispatcherTables>({
      url: fresh.url,
      schema: 'dispatcher',
      poolSize: 5,
      statementTimeoutMs: 5000,
      startTimeoutMs: 5000,
    });
    opened.push(database);
    return database;
  };
  const database = another();
  await database.migrate(migrations);
  return {
    database,
    another,
    drop: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await fresh.drop();
    },
  };
}
