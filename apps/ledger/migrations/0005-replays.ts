import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table replays (
      id text primary key,
      tenant_id text not null,
      destination_id text,
      event_types text[],
      statuses text[],
      accepted_after timestamptz not null,
      accepted_before timestamptz not null,
      dry_run boolean not null,
      rate_per_second double precision,
      state text not null default 'counting' check (state in ('counting', 'running', 'completed', 'cancelled')),
      matched integer not null default 0,
      done integer not null default 0,
      skipped integer not null default 0,
      position text not null default '',
      next_at timestamptz not null default now(),
      progressed_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      finished_at timestamptz
    )`.execute(db);
  await sql`create index on replays (tenant_id, created_at desc, id desc)`.execute(db);
  await sql`create index on replays (next_at) where finished_at is null`.execute(db);
}
