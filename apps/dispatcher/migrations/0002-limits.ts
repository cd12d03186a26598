import { type Kysely, sql } from '#libs/persistence';

/** How the dispatchers share what a destination allows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table dispatchers (
      process_id text primary key,
      seen_at timestamptz not null,
      goes_by text[] not null
    )`.execute(db);
  // Unlogged, so that no slot waits for the disk: after a crash of Postgres each rate begins anew, and that is all.
  // Rows are rewritten all the time: room is left so that no index has to follow.
  await sql`
    create unlogged table rates (
      destination_id text primary key,
      every_ms double precision not null,
      ahead_ms double precision not null,
      asked integer not null,
      granted integer not null,
      next_slot_ms double precision not null
    ) with (fillfactor = 50)`.execute(db);
}
