import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table destinations (
      destination_id text primary key,
      tenant_id text not null,
      version integer not null,
      deleted boolean not null,
      enabled boolean not null,
      event_types text[] not null
    )`.execute(db);
  await sql`create index on destinations (tenant_id) where not deleted`.execute(db);
  await sql`
    create table tenants (
      tenant_id text primary key,
      revision bigint not null
    )`.execute(db);
  await sql`
    create table inbox (
      tenant_id text not null,
      event_id text not null,
      acceptance_id text not null,
      accepted_at timestamptz not null,
      primary key (tenant_id, event_id)
    )`.execute(db);
}
