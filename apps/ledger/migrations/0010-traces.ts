import { type Kysely, sql } from '#libs/persistence';

/** Written only while traces are on, and of deliveries that are not finished. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table deliveries add column trace jsonb`.execute(db);
}
