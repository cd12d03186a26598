import type { DeliveryStatus } from '#libs/contracts';
import { traceOf } from '#libs/messaging';
import { tracing } from '#libs/observability';
import { type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { Wake } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';

/** A delivery that somebody reports on; the ledger may not have heard of it before. */
export interface ReportedDelivery {
  readonly deliveryId: string;
  readonly tenantId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly destinationId: string;
  readonly acceptedAt: string;
}

/** Where a delivery stands after a report. */
export interface Standing {
  readonly delivery: ReportedDelivery;
  readonly status: DeliveryStatus;
  readonly attemptCount: number;
  /** How long from now until it is due; undefined if it is not. By the database's clock. */
  readonly dueInMs?: number | undefined;
  /** The next attempt was asked for before, and may have been made. */
  readonly repeated?: boolean | undefined;
}

/**
 * Writes deliveries, in batches, such that the same report twice changes nothing. What waits afterwards is returned: the
 * lanes of it are to be woken before the transaction ends.
 */
@Injectable()
export class DeliveriesRepository {
  /** Brings in deliveries not known yet; those known stay as they are. */
  async insertNew(db: Kysely<LedgerTables>, standings: readonly Standing[]): Promise<Wake[]> {
    return wakesOf(
      await sql<Written>`
        ${this.#insert(standings)} on conflict (id, created_at) do nothing ${returning}`.execute(db),
    );
  }

  /** Takes in what attempts came to. A report of an earlier attempt than the last one known changes nothing. */
  async advance(db: Kysely<LedgerTables>, standings: readonly Standing[]): Promise<Wake[]> {
    const written = await sql<Written>`
      ${this.#insert(standings)}
      on conflict (id, created_at) do update set
        status = excluded.status,
        attempt_count = excluded.attempt_count,
        due_at = excluded.due_at,
        repeated = excluded.repeated,
        trace = excluded.trace,
        updated_at = now()
      where deliveries.attempt_count < excluded.attempt_count
        and deliveries.status in ('pending', 'retrying', 'held')
      ${returning}`.execute(db);
    return wakesOf(written);
  }

  /** From which attempt on the schedules of these are counted, where that is not the first. */
  async scheduleStarts(
    db: Kysely<LedgerTables>,
    deliveries: readonly ReportedDelivery[],
  ): Promise<Map<string, number>> {
    const { rows } = await sql<{ id: string; schedule_start: number }>`
      select id, schedule_start from deliveries
      where id = any(${deliveries.map(({ deliveryId }) => deliveryId)}::text[])
        and created_at = any(${deliveries.map(({ acceptedAt }) => acceptedAt)}::timestamptz[])
        and schedule_start > 0`.execute(db);
    return new Map(rows.map((row) => [row.id, row.schedule_start]));
  }

  /** Which of these have been given up, whoever wrote it and when. */
  async failedOf(db: Kysely<LedgerTables>, deliveries: readonly ReportedDelivery[]): Promise<Set<string>> {
    if (deliveries.length === 0) return new Set();
    const { rows } = await sql<{ id: string }>`
      select id from deliveries
      where id = any(${deliveries.map(({ deliveryId }) => deliveryId)}::text[])
        and created_at = any(${deliveries.map(({ acceptedAt }) => acceptedAt)}::timestamptz[])
        and status = 'failed'`.execute(db);
    return new Set(rows.map(({ id }) => id));
  }

  /** Sets aside, or sends back, what could not be tried; what has been tried since is left alone. */
  async postpone(db: Kysely<LedgerTables>, standings: readonly Standing[]): Promise<Wake[]> {
    const written = await sql<Written>`
      ${this.#insert(standings)}
      on conflict (id, created_at) do update set
        status = case
          when excluded.status = 'pending' and deliveries.attempt_count > deliveries.schedule_start then 'retrying'
          else excluded.status
        end,
        due_at = excluded.due_at,
        repeated = deliveries.repeated or excluded.repeated,
        trace = coalesce(excluded.trace, deliveries.trace),
        updated_at = now()
      where deliveries.attempt_count = excluded.attempt_count
        and deliveries.status in ('pending', 'retrying')
      ${returning}`.execute(db);
    return wakesOf(written);
  }

  #insert(standings: readonly Standing[]) {
    return sql`
      insert into deliveries
        (id, tenant_id, event_id, event_type, destination_id, created_at, status, attempt_count, repeated, due_at,
          trace)
      select id, tenant_id, event_id, event_type, destination_id, created_at, status, attempt_count, repeated,
        now() + due_in_ms * interval '1 millisecond', trace
      from unnest(
        ${standings.map(({ delivery }) => delivery.deliveryId)}::text[],
        ${standings.map(({ delivery }) => delivery.tenantId)}::text[],
        ${standings.map(({ delivery }) => delivery.eventId)}::text[],
        ${standings.map(({ delivery }) => delivery.eventType)}::text[],
        ${standings.map(({ delivery }) => delivery.destinationId)}::text[],
        ${standings.map(({ delivery }) => delivery.acceptedAt)}::timestamptz[],
        ${standings.map(({ status }) => status)}::text[],
        ${standings.map(({ attemptCount }) => attemptCount)}::integer[],
        ${standings.map(({ repeated }) => repeated ?? false)}::boolean[],
        ${standings.map(({ dueInMs }) => dueInMs ?? null)}::double precision[],
        ${tracesOf(standings)}::jsonb[]
      ) as reported
        (id, tenant_id, event_id, event_type, destination_id, created_at, status, attempt_count, repeated, due_in_ms,
          trace)
      order by id`;
  }
}

/** Of what is not finished. Nothing where there is none, as always while traces are off: beside lists, that is null for each. */
function tracesOf(standings: readonly Standing[]): (string | null)[] | null {
  if (!tracing()) return null;
  return standings.map(({ delivery, status }) => {
    const trace = status === 'delivered' || status === 'failed' ? undefined : traceOf(delivery);
    return trace ? JSON.stringify(trace) : null;
  });
}

interface Written {
  readonly destination_id: string;
  readonly due_at: Date | null;
}

const returning = sql`returning destination_id, due_at`;

function wakesOf({ rows }: { readonly rows: readonly Written[] }): Wake[] {
  return rows.flatMap(({ destination_id, due_at }) =>
    due_at ? [{ destinationId: destination_id, dueAt: due_at }] : [],
  );
}
