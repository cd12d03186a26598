import { type Kysely, sql } from '#libs/persistence';

/** For each report it is asked whether its delivery is one of these. They are few: the look is into an empty index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index on deliveries (id) where repeated`.execute(db);
}
