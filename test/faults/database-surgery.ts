import { postgresAnswers } from '#libs/servers';
import { inDatabase, type RunningPosthorn, until } from '#libs/testing';
import { Client } from 'pg';

const backDeadlineMs = 90_000;

/** What can be done to the Postgres of a running Posthorn, behind its back. */
export class DatabaseSurgery {
  constructor(private readonly whole: RunningPosthorn) {}

  /** @returns when it answered again, in milliseconds since 1970. */
  async isBack(): Promise<number> {
    await until('Postgres to be back', () => postgresAnswers(this.whole.run.databaseUrl), backDeadlineMs);
    return Date.now();
  }

  /** Nobody else writes to these until `end`, nor reads them unless `mode` is `exclusive`. */
  lock(
    tables: readonly string[],
    mode: 'access exclusive' | 'exclusive' = 'access exclusive',
  ): { begin: () => Promise<void>; end: () => Promise<void> } {
    const client = new Client({ connectionString: this.whole.run.databaseUrl });
    return {
      begin: async () => {
        await client.connect();
        await client.query(`begin; lock table ${tables.join(', ')} in ${mode} mode`);
      },
      end: () => client.end(),
    };
  }

  connections(): Promise<number> {
    return inDatabase(this.whole.run.databaseUrl, async (client) => {
      const { rows } = await client.query<{ count: string }>(
        `select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      return Number(rows[0]?.count);
    });
  }
}
