import { type Kysely, sql } from '#libs/persistence';

/** How many webhooks led to an event: what is sent again later counts on from there. Null for none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table events add column hops smallint`.execute(db);
}
