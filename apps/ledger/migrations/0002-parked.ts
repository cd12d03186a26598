import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  // `json`, not `jsonb`: headers may hold a NUL, which jsonb refuses; nothing is searched for in them.
  await sql`
    create table parked (
      id text primary key,
      parked_at timestamptz not null,
      queue text not null,
      reason text not null,
      origin json not null,
      body bytea not null
    )`.execute(db);
  await sql`create index on parked (parked_at desc, id desc)`.execute(db);
}
