import { histogram, Readings, workBuckets } from '#libs/observability';
import pg from 'pg';
import { DatabaseUnavailableError } from './database-unavailable.error.js';

const state = 'db_client_connection_state';

const operations = histogram(
  {
    name: 'db_client_operation_duration_seconds',
    help: 'How long work in the database took, waiting for a connection included: single queries, and whole transactions. error_type is empty unless Postgres failed.',
    labels: ['db_operation_name', 'error_type'],
  },
  workBuckets,
);
operations.zero({ db_operation_name: 'query', error_type: '' });
operations.zero({ db_operation_name: 'transaction', error_type: '' });

const pool = new Readings({
  connections: {
    name: 'db_client_connection_count',
    help: 'Connections to Postgres, in use and idle.',
    labels: [state],
  },
  max: { name: 'db_client_connection_max', help: 'How many connections to Postgres there may be.' },
  waiting: {
    name: 'db_client_connection_pending_requests',
    help: 'Pieces of work that wait for a connection to Postgres.',
  },
});

/** Of pg's pool. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** From here on this is the pool that is shown. */
export function showPool({ pool: shown, max }: { readonly pool: Pool; readonly max: number }): void {
  pool.from(() => ({
    connections: [
      [{ [state]: 'used' }, shown.totalCount - shown.idleCount],
      [{ [state]: 'idle' }, shown.idleCount],
    ],
    max,
    waiting: shown.waitingCount,
  }));
}

export async function measured<Result>(
  kind: 'query' | 'transaction',
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAtMs = performance.now();
  const end = (errorType: string): void =>
    operations.observe(
      { db_operation_name: kind, error_type: errorType },
      (performance.now() - startedAtMs) / 1000,
    );
  try {
    const result = await work();
    end('');
    return result;
  } catch (error) {
    end(errorTypeOf(error));
    throw error;
  }
}

/** What else is thrown within a transaction, as by a publish that fails, rolls it back and is no failure of Postgres. */
function errorTypeOf(error: unknown): string {
  if (error instanceof DatabaseUnavailableError) return error.name;
  return error instanceof pg.DatabaseError ? '_OTHER' : '';
}
