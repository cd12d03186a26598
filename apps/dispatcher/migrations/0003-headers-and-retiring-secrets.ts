import { type Kysely, sql } from '#libs/persistence';

/** `json`, not `jsonb`: nothing is searched for in them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table destinations
      add column retiring_secrets json not null default '[]',
      add column headers json not null default '[]'`.execute(db);
}
