import type { DeliveryAttempted } from '#libs/contracts';
import { type Kysely, sql } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';

/**
 * The first report of an attempt is the one that is kept. Another one, begun at another time, means that a dispatcher
 * died and the endpoint was asked twice: the attempt is marked as repeated.
 * @returns those that were not known yet.
 */
export async function insertAttempts(
  db: Kysely<LedgerTables>,
  reports: readonly DeliveryAttempted[],
): Promise<DeliveryAttempted[]> {
  const attempts = oneOfEach(reports);
  const { rows } = await sql<Written>`
    insert into attempts
      (delivery_id, attempt, accepted_at, repeated, result, status_code, error_class, started_at, duration_ms, response)
    select * from unnest(
      ${attempts.map((attempt) => attempt.deliveryId)}::text[],
      ${attempts.map((attempt) => attempt.attempt)}::integer[],
      ${attempts.map((attempt) => attempt.acceptedAt)}::timestamptz[],
      ${attempts.map((attempt) => attempt.repeated)}::boolean[],
      ${attempts.map((attempt) => attempt.result)}::text[],
      ${attempts.map((attempt) => attempt.statusCode ?? null)}::integer[],
      ${attempts.map((attempt) => attempt.errorClass ?? null)}::text[],
      ${attempts.map((attempt) => attempt.startedAt)}::timestamptz[],
      ${attempts.map((attempt) => attempt.durationMs)}::integer[],
      ${attempts.map((attempt) => attempt.body)}::bytea[]
    )
    on conflict (delivery_id, attempt, accepted_at) do update set repeated = true
    where attempts.started_at <> excluded.started_at
    returning delivery_id, attempt, started_at`.execute(db);
  // What was there already comes back with the other beginning that it has, or not at all.
  const written = new Set(rows.map((row) => `${row.delivery_id}/${row.attempt}/${Number(row.started_at)}`));
  return attempts.filter(({ deliveryId, attempt, startedAt }) =>
    written.has(`${deliveryId}/${attempt}/${Date.parse(startedAt)}`),
  );
}

interface Written {
  readonly delivery_id: string;
  readonly attempt: number;
  readonly started_at: Date;
}

/** One row cannot be written twice by one statement. */
function oneOfEach(reports: readonly DeliveryAttempted[]): DeliveryAttempted[] {
  const kept = new Map<string, DeliveryAttempted>();
  for (const report of reports) {
    const key = `${report.deliveryId}/${report.attempt}`;
    const first = kept.get(key) ?? report;
    const repeated = first.repeated || report.repeated || first.startedAt !== report.startedAt;
    kept.set(key, { ...first, repeated });
  }
  return [...kept.values()];
}
