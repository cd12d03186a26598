import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table destinations (
      destination_id text primary key,
      tenant_id text not null,
      version integer not null,
      deleted boolean not null,
      enabled boolean not null,
      url text not null,
      timeout_ms integer not null,
      max_concurrency integer not null,
      rate_per_second double precision,
      sealed_secrets text[] not null
    )`.execute(db);
  await sql`
    create table circuits (
      destination_id text primary key,
      version integer not null,
      open boolean not null
    )`.execute(db);
}
