import { type QueryExecutorProvider, sql } from '#libs/persistence';

/**
 * Creations and deletions under one public id come one after the other, until the end of the transaction: a creation
 * that waits for a deletion has to read the generation that the deletion leaves behind.
 */
export async function lockTenantId(db: QueryExecutorProvider, publicId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`posthorn tenant ${publicId}`}))`.execute(db);
}
