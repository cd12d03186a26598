import { type Kysely, sql } from '#libs/persistence';

/** As text, not json: it goes back to whoever asks as it came. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table events add column cloud_event text`.execute(db);
}
