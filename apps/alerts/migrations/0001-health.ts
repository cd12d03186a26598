import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table destinations (
      destination_id text primary key,
      tenant_id text not null,
      version integer not null,
      renewed_version integer not null,
      deleted boolean not null,
      enabled boolean not null,
      url text not null
    )`.execute(db);
  await sql`
    create table health (
      destination_id text primary key,
      health jsonb not null
    )`.execute(db);
  await sql`
    create table decisions (
      id bigint generated always as identity primary key,
      destination_id text not null,
      key text not null,
      decision jsonb not null,
      decided_at timestamptz not null default now(),
      unique (destination_id, key)
    )`.execute(db);
}
