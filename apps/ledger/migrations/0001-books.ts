import { createDefaultPartition, type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await events(db);
  await payloads(db);
  await deliveries(db);
  await attempts(db);
  await sql`
    create table destinations (
      destination_id text primary key,
      tenant_id text not null,
      version integer not null,
      renewed_version integer not null,
      deleted boolean not null,
      enabled boolean not null,
      retry_schedule_ms double precision[],
      max_concurrency integer not null,
      rate_per_second double precision
    )`.execute(db);
}

/**
 * One row for each acceptance. What is null comes with `event.accepted`, `routing` with what the router says, in
 * whatever order: `recorded_at` tells whether the former has come.
 */
async function events(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table events (
      tenant_id text not null,
      event_id text not null,
      acceptance_id text not null,
      accepted_at timestamptz not null,
      routing text not null check (routing in ('accepted', 'routed', 'repeated')),
      event_type text,
      "timestamp" text,
      source text,
      content_type text,
      recorded_at timestamptz,
      primary key (tenant_id, event_id, accepted_at, acceptance_id)
    ) partition by range (accepted_at)`.execute(db);
  await sql`
    create index on events (tenant_id, accepted_at desc, event_id desc)
    where routing <> 'repeated' and recorded_at is not null`.execute(db);
  // What the router has said nothing of: few, and those that stay are to be sent to it again.
  await sql`create index on events (recorded_at) where routing = 'accepted'`.execute(db);
  await createDefaultPartition(db, { name: 'events', column: 'accepted_at' });
}

/** Apart from the events: they are most of the bytes, and live shorter. */
async function payloads(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table payloads (
      tenant_id text not null,
      event_id text not null,
      acceptance_id text not null,
      accepted_at timestamptz not null,
      payload bytea not null,
      primary key (tenant_id, event_id, accepted_at, acceptance_id)
    ) partition by range (accepted_at)`.execute(db);
  // Compressing a payload costs more time than the space is worth, and most are already small.
  await sql`alter table payloads alter column payload set storage external`.execute(db);
  await createDefaultPartition(db, { name: 'payloads', column: 'accepted_at' });
}

/** `created_at` is when the event was accepted. */
async function deliveries(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table deliveries (
      id text not null,
      tenant_id text not null,
      event_id text not null,
      event_type text not null,
      destination_id text not null,
      status text not null,
      attempt_count integer not null default 0,
      due_at timestamptz,
      repeated boolean not null default false,
      created_at timestamptz not null,
      updated_at timestamptz not null default now(),
      primary key (id, created_at)
    ) partition by range (created_at)`.execute(db);
  await sql`create index on deliveries (tenant_id, created_at desc, id desc)`.execute(db);
  await sql`create index on deliveries (tenant_id, event_id)`.execute(db);
  // What was sent to be tried and not reported yet: what is lost among it is found by its age.
  await sql`
    create index on deliveries (updated_at)
    where due_at is null and status in ('pending', 'retrying')`.execute(db);
  // What a destination's lane and a change of it have to find: the little that is unfinished, not the history.
  await sql`
    create index on deliveries (destination_id, due_at)
    where status in ('pending', 'retrying', 'held')`.execute(db);
  await createDefaultPartition(db, { name: 'deliveries', column: 'created_at' });
}

/** `accepted_at` is the event's, as everywhere: all that belongs to an event is in partitions of one day. */
async function attempts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table attempts (
      delivery_id text not null,
      attempt integer not null,
      accepted_at timestamptz not null,
      result text not null,
      status_code integer,
      error_class text,
      repeated boolean not null,
      started_at timestamptz not null,
      duration_ms integer not null,
      response bytea not null,
      primary key (delivery_id, attempt, accepted_at)
    ) partition by range (accepted_at)`.execute(db);
  await createDefaultPartition(db, { name: 'attempts', column: 'accepted_at' });
}
