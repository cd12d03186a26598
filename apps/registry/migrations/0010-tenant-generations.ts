import { type Kysely, sql } from '#libs/persistence';

/**
 * `tenants.id` is the reference of a tenant: see `tenantReference` in libs/contracts. Of each public id that a tenant
 * was deleted under, the last generation stays for ever: the next one gets the number after it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tenants
      add column public_id text not null generated always as (split_part(id, '~', 1)) stored`.execute(db);
  await sql`create unique index on tenants (public_id)`.execute(db);
  await sql`
    create table tenant_generations (
      public_id text primary key,
      generation integer not null
    )`.execute(db);
}
