import type { DeliveryAttempted } from '#libs/contracts';
import { type Kysely, sql } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';
import { tallyOf } from './tally.js';

/** @param news attempts that nobody has counted. To be the last that a transaction does: others write the same rows. */
export async function addTallies(
  db: Kysely<LedgerTables>,
  news: readonly DeliveryAttempted[],
): Promise<void> {
  if (news.length === 0) return;
  await sql`
    insert into tallies
    select destination_id, span, at, delivered, failed, durations, last_delivered_at, last_failed_at
    from jsonb_to_recordset(${JSON.stringify(tallyOf(news))}::jsonb) as given (
      destination_id text, span text, at timestamptz, delivered integer, failed integer, durations integer[],
      last_delivered_at timestamptz, last_failed_at timestamptz
    )
    on conflict (destination_id, span, at) do update set
      delivered = tallies.delivered + excluded.delivered,
      failed = tallies.failed + excluded.failed,
      durations = add_counts(tallies.durations, excluded.durations),
      last_delivered_at = greatest(tallies.last_delivered_at, excluded.last_delivered_at),
      last_failed_at = greatest(tallies.last_failed_at, excluded.last_failed_at)`.execute(db);
}
