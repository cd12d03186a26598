import { Database, type Migration } from '#libs/persistence';
import { freshDatabase } from './fresh-database.js';

export interface MigratedDatabase<Tables> {
  readonly url: string;
  readonly database: Database<Tables>;
  /** As another process would open it. */
  readonly another: () => Database<Tables>;
  /** Closes all that were opened. */
  readonly drop: () => Promise<void>;
}

interface Settings {
  readonly schema: string;
  readonly migrations: Record<string, Migration>;
  readonly statementTimeoutMs?: number;
}

/** An empty database of one service, migrated. */
export async function migratedDatabase<Tables>({
  schema,
  migrations,
  statementTimeoutMs = 5000,
}: Settings): Promise<MigratedDatabase<Tables>> {
  const fresh = await freshDatabase();
  const opened: Database<Tables>[] = [];
  const another = (): Database<Tables> => {
    const options = { url: fresh.url, schema, poolSize: 5, statementTimeoutMs, startTimeoutMs: 5000 };
    const database = new Database<Tables>(options);
    opened.push(database);
    return database;
  };
  const database = another();
  await database.migrate(migrations);
  return {
    url: fresh.url,
    database,
    another,
    drop: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await fresh.drop();
    },
  };
}
