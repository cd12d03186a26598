import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table destinations add column format text not null default 'standard'`.execute(db);
}
