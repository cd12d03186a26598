import type { DeliveryAttempted } from '#libs/contracts';
import { joined, type Kysely, sql } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';

/**
 * The first report of an attempt is the one that is kept. Another one, begun at another time or itself marked, means that
 * a dispatcher died and the endpoint may have been asked twice: the attempt is marked as repeated.
 * @returns those that were not known yet.
 */
export async function insertAttempts(
  db: Kysely<LedgerTables>,
  reports: readonly DeliveryAttempted[],
): Promise<DeliveryAttempted[]> {
  const attempts = oneOfEach(reports);
  const answers = joined(attempts.map((attempt) => attempt.body));
  const { rows } = await sql<Pick<LedgerTables['attempts'], 'delivery_id' | 'attempt'>>`
    insert into attempts
      (delivery_id, attempt, accepted_at, repeated, result, status_code, error_class, started_at, duration_ms, response)
    select delivery_id, attempt, accepted_at, repeated, result, status_code, error_class, started_at, duration_ms,
      substring(${answers.bytes}::bytea from starts_at for length)
    from unnest(
      ${attempts.map((attempt) => attempt.deliveryId)}::text[],
      ${attempts.map((attempt) => attempt.attempt)}::integer[],
      ${attempts.map((attempt) => attempt.acceptedAt)}::timestamptz[],
      ${attempts.map((attempt) => attempt.repeated)}::boolean[],
      ${attempts.map((attempt) => attempt.result)}::text[],
      ${attempts.map((attempt) => attempt.statusCode ?? null)}::integer[],
      ${attempts.map((attempt) => attempt.errorClass ?? null)}::text[],
      ${attempts.map((attempt) => attempt.startedAt)}::timestamptz[],
      ${attempts.map((attempt) => attempt.durationMs)}::integer[],
      ${answers.startsAt}::integer[],
      ${answers.lengths}::integer[]
    ) as told (delivery_id, attempt, accepted_at, repeated, result, status_code, error_class, started_at, duration_ms,
      starts_at, length)
    on conflict do nothing
    returning delivery_id, attempt`.execute(db);
  const written = new Set(rows.map((row) => keyOf(row.delivery_id, row.attempt)));
  const isNew = ({ deliveryId, attempt }: DeliveryAttempted): boolean =>
    written.has(keyOf(deliveryId, attempt));
  await markRepeated(
    db,
    attempts.filter((attempt) => !isNew(attempt)),
  );
  await markPostponed(db, attempts);
  return attempts.filter(isNew);
}

/** Reports that came again, or tell of what somebody else may have done before. */
export async function markRepeated(db: Kysely<LedgerTables>, again: readonly Again[]): Promise<void> {
  if (again.length === 0) return;
  await sql`
    update attempts set repeated = true
    from unnest(
      ${again.map((attempt) => attempt.deliveryId)}::text[],
      ${again.map((attempt) => attempt.attempt)}::integer[],
      ${again.map((attempt) => attempt.acceptedAt)}::timestamptz[],
      ${again.map((attempt) => attempt.startedAt ?? null)}::timestamptz[],
      ${again.map((attempt) => attempt.repeated)}::boolean[]
    ) as told (delivery_id, attempt, accepted_at, started_at, repeated)
    where attempts.delivery_id = told.delivery_id and attempts.attempt = told.attempt
      and attempts.accepted_at = told.accepted_at and not attempts.repeated
      and (told.repeated or attempts.started_at <> told.started_at)`.execute(db);
}

type Again = Pick<DeliveryAttempted, 'deliveryId' | 'attempt' | 'acceptedAt' | 'repeated'> &
  Partial<Pick<DeliveryAttempted, 'startedAt'>>;

/** Another copy of the request was in other hands before, and there was no room for it when it came back. */
async function markPostponed(
  db: Kysely<LedgerTables>,
  attempts: readonly DeliveryAttempted[],
): Promise<void> {
  await sql`
    update attempts set repeated = true from deliveries
    where deliveries.id = any(${attempts.map((attempt) => attempt.deliveryId)}::text[])
      and deliveries.created_at = any(${attempts.map((attempt) => attempt.acceptedAt)}::timestamptz[])
      and deliveries.repeated
      and attempts.delivery_id = deliveries.id and attempts.accepted_at = deliveries.created_at
      and attempts.attempt = deliveries.attempt_count + 1 and not attempts.repeated`.execute(db);
}

/** One row cannot be written twice by one statement. */
function oneOfEach(reports: readonly DeliveryAttempted[]): DeliveryAttempted[] {
  const kept = new Map<string, DeliveryAttempted>();
  for (const report of reports) {
    const key = keyOf(report.deliveryId, report.attempt);
    const first = kept.get(key) ?? report;
    const repeated = first.repeated || report.repeated || first.startedAt !== report.startedAt;
    kept.set(key, { ...first, repeated });
  }
  return [...kept.values()];
}

function keyOf(deliveryId: string, attempt: number): string {
  return `${deliveryId}/${attempt}`;
}
