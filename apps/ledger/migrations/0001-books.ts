import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await events(db);
  await deliveries(db);
  await attempts(db);
  await sql`
    create table destinations (
      destination_id text primary key,
      tenant_id text not null,
      version integer not null,
      deleted boolean not null,
      enabled boolean not null
    )`.execute(db);
}

async function events(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table events (
      tenant_id text not null,
      event_id text not null,
      event_type text not null,
      "timestamp" text not null,
      acceptance_id text not null,
      accepted_at timestamptz not null,
      source text not null,
      content_type text,
      payload bytea not null,
      primary key (tenant_id, event_id)
    )`.execute(db);
  // Compressing a payload costs more time than the space is worth, and most are already small.
  await sql`alter table events alter column payload set storage external`.execute(db);
  await sql`create index on events (tenant_id, accepted_at desc, event_id desc)`.execute(db);
}

async function deliveries(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table deliveries (
      id text primary key,
      tenant_id text not null,
      event_id text not null,
      event_type text not null,
      destination_id text not null,
      status text not null,
      attempt_count integer not null default 0,
      due_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on deliveries (due_at) where due_at is not null`.execute(db);
  await sql`create index on deliveries (tenant_id, created_at desc, id desc)`.execute(db);
  await sql`create index on deliveries (tenant_id, event_id)`.execute(db);
  // What a change of a destination has to find: the little that is unfinished, not the history.
  await sql`
    create index on deliveries (destination_id)
    where status in ('pending', 'retrying', 'held')`.execute(db);
}

async function attempts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table attempts (
      delivery_id text not null,
      attempt integer not null,
      result text not null,
      status_code integer,
      error_class text,
      started_at timestamptz not null,
      duration_ms integer not null,
      response bytea not null,
      primary key (delivery_id, attempt)
    )`.execute(db);
}
