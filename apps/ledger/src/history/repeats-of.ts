import type { EventRepeats } from '#libs/contracts';
import { type Kysely, type Row, sql } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';

type Counting = Pick<
  Row<LedgerTables['events']>,
  'tenant_id' | 'event_id' | 'accepted_at' | 'content_digest'
>;

/** How many of the newest repeats are looked at: one id may have been published without end. */
const maxCounted = 10_000;

/**
 * The acceptances that the router left out as repeats of this one.
 * @returns undefined if there are none.
 */
export async function repeatsOf(
  db: Kysely<LedgerTables>,
  event: Counting,
): Promise<EventRepeats | undefined> {
  const { rows } = await sql<{ count: number; last_at: Date; content_differed: boolean }>`
    select count(*)::integer as count, max(accepted_at) as last_at,
      coalesce(bool_or(content_digest <> ${event.content_digest}::bytea), false) as content_differed
    from (
      select accepted_at, content_digest from events
      where tenant_id = ${event.tenant_id} and event_id = ${event.event_id} and routing = 'repeated'
        -- Two gateways may accept one event at once, by two clocks; earlier ones are of an event before it.
        and accepted_at > ${event.accepted_at}::timestamptz - interval '1 minute'
      order by accepted_at desc limit ${maxCounted}
    ) as repeated`.execute(db);
  const [found] = rows;
  if (!found || found.count === 0) return undefined;
  return {
    count: found.count,
    lastAt: found.last_at.toISOString(),
    contentDiffered: found.content_differed,
  };
}
