import { type Kysely, sql } from '#libs/persistence';

/**
 * What came of each destination's attempts, counted when they are recorded: five minutes at a time for the last hours,
 * and an hour at a time for the last days, so that reading it costs the same whatever the traffic.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Rows are rewritten all the time: room is left so that no index has to follow.
  await sql`
    create table tallies (
      destination_id text not null,
      span text not null check (span in ('minutes', 'hour')),
      at timestamptz not null,
      delivered integer not null,
      failed integer not null,
      durations integer[] not null,
      last_delivered_at timestamptz,
      last_failed_at timestamptz,
      primary key (destination_id, span, at)
    ) with (fillfactor = 70)`.execute(db);
  await sql`create index on tallies (at)`.execute(db);
  await sql`
    create function add_counts(one integer[], other integer[]) returns integer[]
    language sql immutable strict as $$
      select array_agg(pair.a + pair.b order by pair.n)
      from unnest(one, other) with ordinality as pair (a, b, n)
    $$`.execute(db);
}
