import { meansEveryType } from '#libs/contracts';
import { type Kysely, sql } from '#libs/persistence';
import { acceptedWithin } from '../history/accepted-within.js';
import { hasStatus } from '../history/shown-status.js';
import type { LedgerTables } from '../ledger.tables.js';
import type { DeliveryKey } from '../send-again/send-again.repository.js';
import { patternRegex } from './pattern-regex.js';
import type { ReplayRow } from './replays.repository.js';

/** How many deliveries are looked at in one step, whatever a filter leaves of them. */
const sliceSize = 2000;

/**
 * The next deliveries that a replay is for, oldest first, and how far it looked for them: what a step costs is bounded by
 * what it looks at, and not by what it finds.
 */
export async function nextSlice(
  db: Kysely<LedgerTables>,
  replay: ReplayRow,
  limit: number,
): Promise<{ found: DeliveryKey[]; position: string | undefined }> {
  const { tenant_id, destination_id, event_types, statuses, position } = replay;
  const range = {
    after: replay.accepted_after.toISOString(),
    before: replay.accepted_before.toISOString(),
  };
  const types = event_types === null || meansEveryType(event_types) ? ['#'] : event_types;
  const patterns = types.map(patternRegex);
  const { rows } = await sql<DeliveryKey & { readonly is_meant: boolean }>`
    select id, created_at, destination_id,
      ('.' || event_type) ~ any(${patterns}::text[]) and ${hasStatus(statuses ?? undefined)} as is_meant
    from (
      select * from deliveries
      where tenant_id = ${tenant_id} and id > ${position}
        and ${acceptedWithin(range, { time: 'created_at', deliveryId: 'id' })}
        and ${destination_id === null ? sql`true` : sql`destination_id = ${destination_id}`}
      order by id limit ${sliceSize}
    ) as deliveries
    order by id`.execute(db);
  const found = rows.filter((row) => row.is_meant).slice(0, limit);
  const isFull = found.length === limit;
  return { found, position: isFull ? found.at(-1)?.id : rows.at(-1)?.id };
}
