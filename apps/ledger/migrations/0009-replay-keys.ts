import { type Kysely, sql } from '#libs/persistence';

/** Under an idempotency key a tenant has one replay, and the digest tells whether the same one is asked for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table replays
      add column idempotency_key text,
      add column request_digest text`.execute(db);
  await sql`create unique index on replays (tenant_id, idempotency_key)`.execute(db);
}
