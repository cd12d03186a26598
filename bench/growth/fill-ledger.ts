import { deliveryId, newId } from '#libs/contracts';
import type { Client } from 'pg';

/** Whose deliveries the books are filled with. */
export interface Owner {
  readonly tenantId: string;
  readonly eventType: string;
  readonly destinationIds: readonly string[];
}

/** A delivery as the ledger has it. */
interface Filling {
  readonly id: string;
  readonly eventId: string;
  readonly destinationId: string;
  readonly acceptanceId: string;
  readonly acceptedAt: string;
}

interface Wanted {
  readonly count: number;
  readonly said: (done: number) => void;
}

const rowsAtOnce = 5000;
const hourMs = 3_600_000;
const payload = Buffer.from(JSON.stringify({ text: 'x'.repeat(1012) }));

/**
 * Events of the last hour, each delivered once at the first attempt. Written straight into the ledger's tables: to
 * publish a million of them takes an hour.
 */
export async function fillHistory(ledger: Client, owner: Owner, wanted: Wanted): Promise<void> {
  await inSteps(owner, 'grown', wanted, async (rows) => {
    const [ids, events, times] = [
      columnOf(rows, 'id'),
      columnOf(rows, 'eventId'),
      columnOf(rows, 'acceptedAt'),
    ];
    const acceptances = columnOf(rows, 'acceptanceId');
    await ledger.query(
      `with given as (select * from unnest($2::text[], $3::text[], $4::timestamptz[]) as given (event_id, acceptance_id, accepted_at)),
       recorded as (
         insert into ledger.events (tenant_id, event_id, acceptance_id, accepted_at, routing, event_type, "timestamp", source, content_type, recorded_at)
         select $1, event_id, acceptance_id, accepted_at, 'routed', $5, accepted_at::text, 'http', 'application/json', accepted_at from given)
       insert into ledger.payloads (tenant_id, event_id, acceptance_id, accepted_at, payload)
       select $1, event_id, acceptance_id, accepted_at, $6 from given`,
      [owner.tenantId, events, acceptances, times, owner.eventType, payload],
    );
    await insertDeliveries(ledger, owner, rows, { status: 'delivered', dueAt: rows.map(() => null) });
    await ledger.query(
      `insert into ledger.attempts (delivery_id, attempt, accepted_at, result, status_code, repeated, started_at, duration_ms, response)
       select id, 1, accepted_at, 'delivered', 200, false, accepted_at, 5, '' from unnest($1::text[], $2::timestamptz[]) as given (id, accepted_at)`,
      [ids, times],
    );
  });
}

/** Deliveries of the last hour that failed once, and are due again in one to twenty-four hours. */
export async function fillTimetable(ledger: Client, owner: Owner, wanted: Wanted): Promise<void> {
  const firstDueMs = Date.now() + hourMs;
  let done = 0;
  await inSteps(owner, 'waits', wanted, async (rows) => {
    const dueAt = rows.map(() => new Date(firstDueMs + (done++ * 23 * hourMs) / wanted.count).toISOString());
    await insertDeliveries(ledger, owner, rows, { status: 'retrying', dueAt });
  });
  await ledger.query(
    `insert into ledger.lanes (destination_id, due_at) select unnest($1::text[]), $2
     on conflict (destination_id) do update set due_at = least(lanes.due_at, excluded.due_at)`,
    [owner.destinationIds, new Date(firstDueMs)],
  );
}

async function insertDeliveries(
  ledger: Client,
  { tenantId, eventType }: Owner,
  rows: readonly Filling[],
  { status, dueAt }: { status: string; dueAt: readonly (string | null)[] },
): Promise<void> {
  const columns = (['id', 'eventId', 'destinationId', 'acceptedAt'] as const).map((name) =>
    columnOf(rows, name),
  );
  await ledger.query(
    `insert into ledger.deliveries (id, tenant_id, event_id, event_type, destination_id, status, attempt_count, due_at, created_at, updated_at)
     select id, $1, event_id, $2, destination_id, $3, 1, due_at, created_at, created_at
     from unnest($4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
       as given (id, event_id, destination_id, created_at, due_at)`,
    [tenantId, eventType, status, ...columns, dueAt],
  );
}

async function inSteps(
  owner: Owner,
  prefix: string,
  { count, said }: Wanted,
  write: (rows: readonly Filling[]) => Promise<void>,
): Promise<void> {
  const firstMs = Date.now() - hourMs;
  for (let done = 0; done < count; done += rowsAtOnce) {
    const rows = Array.from({ length: Math.min(rowsAtOnce, count - done) }, (_, index) =>
      fillingOf(owner, `${prefix}-${firstMs}-${done + index}`, {
        number: done + index,
        acceptedMs: firstMs + Math.floor(((done + index) * hourMs) / count),
      }),
    );
    await write(rows);
    said(done + rows.length);
  }
}

function fillingOf(
  { tenantId, destinationIds }: Owner,
  eventId: string,
  { number, acceptedMs }: { number: number; acceptedMs: number },
): Filling {
  const destinationId = destinationIds[number % destinationIds.length] ?? '';
  const acceptedAt = new Date(acceptedMs).toISOString();
  const id = deliveryId({ tenantId, eventId, acceptedAt }, destinationId);
  return { id, eventId, destinationId, acceptanceId: newId('acc', acceptedMs), acceptedAt };
}

function columnOf(rows: readonly Filling[], name: keyof Filling): string[] {
  return rows.map((row) => row[name]);
}
