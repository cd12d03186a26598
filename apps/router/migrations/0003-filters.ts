import { type Kysely, sql } from '#libs/persistence';

/** `json`, not `jsonb`: a text in it may hold a NUL, which jsonb refuses. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table destinations add column filter json`.execute(db);
}
