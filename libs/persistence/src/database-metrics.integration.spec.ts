import { type FreshDatabase, freshDatabase } from '#libs/testing';
import { type QueryExecutorProvider, sql } from 'kysely';
import { register } from 'prom-client';
import { Database } from './database.js';

const options = { schema: 'service', poolSize: 1, statementTimeoutMs: 200, startTimeoutMs: 5000 };

describe('what is counted of the database', () => {
  let fresh: FreshDatabase;
  let database: Database<object>;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = new Database({ ...options, url: fresh.url });
  });

  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  /** How many transactions ended so, by `error_type`. */
  const counted = async (): Promise<Record<string, number>> => {
    const metric = await register.getSingleMetric('db_client_operation_duration_seconds')?.get();
    const values = (metric?.values ?? []) as {
      metricName?: string;
      labels: Record<string, unknown>;
      value: number;
    }[];
    return Object.fromEntries(
      values
        .filter(
          ({ metricName, labels }) =>
            metricName?.endsWith('_count') && labels['db_operation_name'] === 'transaction',
        )
        .map(({ labels, value }) => [String(labels['error_type']), value]),
    );
  };

  it.each([
    ['a publish that fails within it', () => Promise.reject(new Error('no confirm')), ''],
    ['a statement that is wrong', (db: QueryExecutorProvider) => sql`select 1 / 0`.execute(db), '_OTHER'],
    [
      'a statement that takes too long',
      (db: QueryExecutorProvider) => sql`select pg_sleep(5)`.execute(db),
      'DatabaseUnavailableError',
    ],
  ])('of a transaction that ends with %s', async (_what, work, errorType) => {
    const before = (await counted())[errorType] ?? 0;
    await expect(database.transaction((db) => work(db))).rejects.toThrow();
    expect((await counted())[errorType]).toBe(before + 1);
  });
});
