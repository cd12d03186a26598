import { type Kysely, sql } from '#libs/persistence';

/** `json`, not `jsonb`: a text in it may hold a NUL, which jsonb refuses; nothing is searched for in them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table destinations
      add column filter json,
      add column headers json not null default '[]',
      add column signing text not null default 'hmac-sha256',
      add column retiring_secrets json not null default '[]',
      add column retire_at timestamptz,
      add column rotation_id text`.execute(db);
  // Few, and only for a while.
  await sql`create index on destinations (retire_at) where retire_at is not null`.execute(db);
}
