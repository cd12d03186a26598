import { createOutbox, type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tenants (
      id text primary key,
      name text,
      metadata jsonb not null default '{}',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on tenants (created_at desc, id desc)`.execute(db);
  await sql`
    create table destinations (
      id text primary key,
      tenant_id text not null references tenants on delete cascade,
      version integer not null default 1,
      renewed_version integer not null default 1,
      url text not null,
      description text not null,
      event_types text[] not null,
      timeout_ms integer not null,
      retry_schedule text[],
      max_concurrency integer not null,
      rate_per_second double precision,
      enabled boolean not null,
      disabled_reason text,
      metadata jsonb not null,
      sealed_secrets text[] not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on destinations (tenant_id, created_at desc, id desc)`.execute(db);
  await createOutbox(db);
}
