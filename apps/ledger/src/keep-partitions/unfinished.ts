import { type Day, type QueryExecutorProvider, sql } from '#libs/persistence';

/**
 * Whether an event of that day waits to be routed, or a delivery to be finished: its payload is still needed, and the
 * rest to say what became of it. Nothing of that can be written until the transaction ends.
 */
export async function isUnfinished(db: QueryExecutorProvider, day: Day): Promise<boolean> {
  await sql`lock table only events, only deliveries in share mode`.execute(db);
  const from = sql`${`${day}T00:00:00Z`}::timestamptz`;
  const to = sql`${`${day}T00:00:00Z`}::timestamptz + interval '24 hours'`;
  const { rows } = await sql<{ unfinished: boolean }>`
    select exists (
      select from deliveries
      where created_at >= ${from} and created_at < ${to} and status in ('pending', 'retrying', 'held')
    ) or exists (
      select from events where accepted_at >= ${from} and accepted_at < ${to} and routing = 'accepted'
    ) as unfinished`.execute(db);
  return rows[0]?.unfinished ?? true;
}
