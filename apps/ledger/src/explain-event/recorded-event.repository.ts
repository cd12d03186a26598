import { maxExplained, type RecordedDelivery, type RecordedEvent } from '#libs/contracts';
import { Database, type Kysely, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { repeatsOf } from '../history/repeats-of.js';
import { shownStatus } from '../history/shown-status.js';
import type { LedgerTables } from '../ledger.tables.js';
import { countingFirst } from '../history/counting-first.js';

type EventRow = Pick<
  Row<LedgerTables['events']>,
  | 'tenant_id'
  | 'event_id'
  | 'event_type'
  | 'timestamp'
  | 'accepted_at'
  | 'content_type'
  | 'cloud_event'
  | 'content_digest'
  | 'routing'
> & { payload: Buffer | null; payload_erased: boolean };

interface DeliveryRow {
  readonly id: string;
  readonly destination_id: string;
  readonly status: RecordedDelivery['status'];
  readonly attempt_count: number;
  readonly due_at: Date | null;
  readonly circuit_open: boolean;
  readonly result: NonNullable<RecordedDelivery['lastAttempt']>['result'] | null;
  readonly status_code: number | null;
  readonly error_class: string | null;
  readonly started_at: Date;
}

/** What the books say of one event and its first deliveries. */
@Injectable()
export class RecordedEventRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  find(tenantId: string, eventId: string): Promise<RecordedEvent | undefined> {
    return this.database.ofTenant(tenantId).run(async (db) => {
      const event = await eventOf(db, tenantId, eventId);
      if (!event) return undefined;
      const deliveries = await deliveriesOf(db, { tenantId, eventId, acceptedAt: event.accepted_at });
      const repeats = await repeatsOf(db, event);
      return {
        eventType: event.event_type ?? '',
        timestamp: event.timestamp ?? '',
        acceptedAt: event.accepted_at.toISOString(),
        contentType: event.content_type,
        cloudEvent: event.cloud_event,
        isRouted: event.routing === 'routed',
        payload: event.payload?.toString('base64') ?? null,
        payloadErased: event.payload_erased,
        deliveries: deliveries.slice(0, maxExplained).map(recorded),
        hasMore: deliveries.length > maxExplained,
        ...(repeats && { repeats }),
      };
    });
  }
}

/** The acceptance that counts, as the history shows it. */
async function eventOf(
  db: Kysely<LedgerTables>,
  tenantId: string,
  eventId: string,
): Promise<EventRow | undefined> {
  const { rows } = await sql<EventRow>`
    select tenant_id, event_id, event_type, timestamp, accepted_at, content_type, cloud_event,
      content_digest, routing, payload,
      payload is null and exists (
        select from erased_payloads as erased
        where erased.tenant_id = events.tenant_id and erased.event_id = events.event_id
      ) as payload_erased
    from events
    left join payloads using (tenant_id, event_id, acceptance_id, accepted_at)
    where tenant_id = ${tenantId} and event_id = ${eventId}
      and recorded_at is not null and routing <> 'repeated'
    order by ${countingFirst}
    limit 1`.execute(db);
  return rows[0];
}

async function deliveriesOf(
  db: Kysely<LedgerTables>,
  { tenantId, eventId, acceptedAt }: { tenantId: string; eventId: string; acceptedAt: Date },
): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    select deliveries.id, deliveries.destination_id, ${shownStatus} as status, attempt_count, due_at,
      coalesce(circuits.open, false) as circuit_open, last.*
    from deliveries
    left join circuits on circuits.destination_id = deliveries.destination_id
    left join lateral (
      select result, status_code, error_class, started_at from attempts
      where delivery_id = deliveries.id and accepted_at = ${acceptedAt}
      order by attempt desc limit 1
    ) as last on true
    where tenant_id = ${tenantId} and event_id = ${eventId} and created_at = ${acceptedAt}
    order by deliveries.id
    limit ${maxExplained + 1}`.execute(db);
  return rows;
}

function recorded(row: DeliveryRow): RecordedDelivery {
  return {
    deliveryId: row.id,
    destinationId: row.destination_id,
    status: row.status,
    attemptCount: row.attempt_count,
    nextAttemptAt: row.status === 'held' ? null : (row.due_at?.toISOString() ?? null),
    circuitOpen: row.circuit_open,
    lastAttempt: row.result && {
      result: row.result,
      statusCode: row.status_code,
      errorClass: row.error_class,
      startedAt: row.started_at.toISOString(),
    },
  };
}
