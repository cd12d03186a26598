import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table api_keys add column last_used_at timestamptz`.execute(db);
}
