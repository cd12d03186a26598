import { type Kysely, sql } from '#libs/persistence';

/** Shows whether a repeat of an event had another content, also when the payloads are past their retention. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table events add column content_digest bytea`.execute(db);
}
