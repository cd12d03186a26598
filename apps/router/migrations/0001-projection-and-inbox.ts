import { addPartitions, type Kysely, sql } from '#libs/persistence';

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
  await inbox(db);
  await claimEvents(db);
}

/**
 * The ids that were seen. Each day's are a partition of their own, so that they can be forgotten at once: the day is
 * part of the key, and it takes `claim_events` for an id to be there only once in all of them.
 */
async function inbox(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table inbox (
      tenant_id text not null,
      event_id text not null,
      day date not null,
      acceptance_id text not null,
      primary key (tenant_id, event_id, day)
    ) partition by range (day)`.execute(db);
  // The day without a closing time is the one that is written to; there is always one.
  await sql`
    create table inbox_days (
      day date primary key,
      closed_at timestamptz
    )`.execute(db);
  await sql`create unique index on inbox_days ((true)) where closed_at is null`.execute(db);
  const { rows } = await sql<{ day: string }>`
    insert into inbox_days (day) values ((now() at time zone 'UTC')::date)
    returning to_char(day, 'YYYY-MM-DD') as day`.execute(db);
  await addPartitions(
    db,
    { name: 'inbox', column: 'day' },
    rows.map(({ day }) => day),
  );
}

/**
 * Claims events in one round trip. Returns those of the acceptances given that count: the first of their event, also
 * when they were claimed before.
 *
 * The lock is shared by all claims; beginning another day takes it for itself, so that no claim looks at the days of
 * before and writes after. Each statement here sees what was committed before it began, the lock included.
 * The settings: the partition written to is empty when its day begins, and a plan made for an empty table and kept
 * would read all of it later.
 */
async function claimEvents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function claim_events(tenant_ids text[], event_ids text[], acceptance_ids text[]) returns setof text
    language plpgsql
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    as $$
    declare
      inserted integer;
    begin
      perform pg_advisory_xact_lock_shared(hashtext(current_schema() || ' inbox'));
      insert into inbox (tenant_id, event_id, day, acceptance_id)
      select given.tenant_id, given.event_id, inbox_days.day, given.acceptance_id
      from inbox_days, unnest(tenant_ids, event_ids, acceptance_ids) as given (tenant_id, event_id, acceptance_id)
      where inbox_days.closed_at is null and not exists (
        select from inbox where inbox.tenant_id = given.tenant_id and inbox.event_id = given.event_id
      )
      -- In one order everywhere: two claims of the same events must not wait for one another in a circle.
      order by given.tenant_id, given.event_id
      on conflict do nothing;
      get diagnostics inserted = row_count;
      if inserted = cardinality(event_ids) then
        return query select unnest(acceptance_ids);
      else
        return query
          select given.acceptance_id
          from unnest(tenant_ids, event_ids, acceptance_ids) as given (tenant_id, event_id, acceptance_id)
          join inbox using (tenant_id, event_id, acceptance_id);
      end if;
    end $$`.execute(db);
}
