import { createErasures, type Kysely } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createErasures(db);
}
