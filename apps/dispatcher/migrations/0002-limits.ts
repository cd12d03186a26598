import { type Kysely, sql } from '#libs/persistence';

/**
 * How the dispatchers share what a destination allows. Nothing here outlives a crash of Postgres, and nothing has to:
 * unlogged tables are written without waiting for the disk.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create unlogged table dispatchers (
      process_id text primary key,
      seen_at timestamptz not null,
      goes_by text[] not null
    )`.execute(db);
  // One row for each destination with a rate, rewritten all the time: room is left so that no index has to follow.
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
