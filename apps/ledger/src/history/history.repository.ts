import {
  acceptedAtMsOf,
  attemptId,
  type Attempt,
  type Delivery,
  type DeliveryFilter,
  type DeliveryStatus,
  type DeliverySummary,
  type EventFilter,
  type EventRecord,
  type EventSummary,
  type Page,
  type PageRequest,
} from '#libs/contracts';
import { Database, exactTime, type Kysely, readPage, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { shownStatus } from './shown-status.js';

interface Recorded {
  event_type: string;
  timestamp: string;
  source: 'http' | 'amqp';
}
type EventRow = Omit<Row<LedgerTables['events']>, keyof Recorded> & Recorded;

/** What happened, as the API shows it. Everything is asked within one tenant: another's is not found. */
@Injectable()
export class HistoryRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  async listEvents(tenantId: string, filter: EventFilter, page: PageRequest): Promise<Page<EventSummary>> {
    const { type, after, before } = filter;
    const found = await this.database.run((db) =>
      readPage(
        shownEvents(db, tenantId)
          .select([exactTime('accepted_at').as('position_at'), 'event_id as position_id'])
          .$if(type !== undefined, (query) => query.where('event_type', '=', type ?? ''))
          .$if(after !== undefined, (query) => query.where('accepted_at', '>=', new Date(after ?? '')))
          .$if(before !== undefined, (query) => query.where('accepted_at', '<', new Date(before ?? ''))),
        { at: 'accepted_at', id: 'event_id' },
        page,
      ),
    );
    return { ...found, data: found.data.map(eventOf) };
  }

  /** The acceptance that counts; of an id that was used again after the router had forgotten it, the last one. */
  async findEvent(tenantId: string, eventId: string): Promise<EventRecord | undefined> {
    const row = await this.database.run((db) =>
      shownEvents(db, tenantId)
        .where('event_id', '=', eventId)
        .orderBy(sql`routing = 'routed'`, 'desc')
        .orderBy('accepted_at', 'desc')
        .executeTakeFirst(),
    );
    if (!row) return undefined;
    const [payload, deliveries] = await Promise.all([this.#payloadOf(row), this.#deliveriesOf(row)]);
    return { ...eventOf(row), payload, deliveries };
  }

  async listDeliveries(tenantId: string, filter: DeliveryFilter, page: PageRequest): Promise<Page<Delivery>> {
    const { destinationId, eventId, eventType, status, after, before } = filter;
    const found = await this.database.run((db) =>
      readPage(
        db
          .selectFrom('deliveries')
          .selectAll()
          .select(shownStatus.as('shown_status'))
          .select([exactTime('created_at').as('position_at'), 'id as position_id'])
          .where((where) =>
            where.and({
              tenant_id: tenantId,
              ...(destinationId !== undefined && { destination_id: destinationId }),
              ...(eventId !== undefined && { event_id: eventId }),
              ...(eventType !== undefined && { event_type: eventType }),
            }),
          )
          .$if(status !== undefined, (query) => query.where(shownStatus, '=', status ?? 'pending'))
          .$if(after !== undefined, (query) => query.where('created_at', '>=', new Date(after ?? '')))
          .$if(before !== undefined, (query) => query.where('created_at', '<', new Date(before ?? ''))),
        { at: 'created_at', id: 'id' },
        page,
      ),
    );
    return { ...found, data: found.data.map(deliveryOf) };
  }

  async findDelivery(tenantId: string, id: string): Promise<Delivery | undefined> {
    const row = await this.database.run((db) =>
      db
        .selectFrom('deliveries')
        .selectAll()
        .select(shownStatus.as('shown_status'))
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where(acceptedAsIn(id, 'created_at'))
        .executeTakeFirst(),
    );
    return row && deliveryOf(row);
  }

  async listAttempts(deliveryId: string): Promise<Attempt[]> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('attempts')
        .selectAll()
        .where('delivery_id', '=', deliveryId)
        .where(acceptedAsIn(deliveryId, 'accepted_at'))
        .orderBy('attempt')
        .execute(),
    );
    return rows.map(attemptOf);
  }

  /** @returns null if it is past its retention. */
  async #payloadOf(event: EventRow): Promise<string | null> {
    const row = await this.database.run((db) =>
      db
        .selectFrom('payloads')
        .select('payload')
        .where('tenant_id', '=', event.tenant_id)
        .where('event_id', '=', event.event_id)
        .where('accepted_at', '=', event.accepted_at)
        .where('acceptance_id', '=', event.acceptance_id)
        .executeTakeFirst(),
    );
    return row?.payload.toString('base64') ?? null;
  }

  /** An event may have gone to thousands: the first ones here, all of them in the list of deliveries. */
  async #deliveriesOf(event: EventRow): Promise<DeliverySummary[]> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('deliveries')
        .select(['id', 'destination_id'])
        .select(shownStatus.as('status'))
        .where('tenant_id', '=', event.tenant_id)
        .where('event_id', '=', event.event_id)
        .where('created_at', '=', event.accepted_at)
        .orderBy('id')
        .limit(250)
        .execute(),
    );
    return rows.map((row) => ({ id: row.id, destinationId: row.destination_id, status: row.status }));
  }
}

/** What has been recorded of an event, but for the acceptances that another one of the same event overrules. */
function shownEvents(db: Kysely<LedgerTables>, tenantId: string) {
  return db
    .selectFrom('events')
    .selectAll()
    .$narrowType<Recorded>()
    .where('tenant_id', '=', tenantId)
    .where('recorded_at', 'is not', null)
    .where('routing', '<>', 'repeated');
}

/** Names the one partition that can hold a delivery, or its attempts. Nothing is found under what is no delivery's id. */
function acceptedAsIn(deliveryId: string, column: string) {
  const ms = acceptedAtMsOf(deliveryId);
  return ms === undefined ? sql<boolean>`false` : sql<boolean>`${sql.ref(column)} = ${new Date(ms)}`;
}

function eventOf(row: EventRow): EventSummary {
  return {
    id: row.event_id,
    tenantId: row.tenant_id,
    type: row.event_type,
    timestamp: row.timestamp,
    acceptedAt: row.accepted_at.toISOString(),
    source: row.source,
  };
}

function deliveryOf(row: Row<LedgerTables['deliveries']> & { shown_status: DeliveryStatus }): Delivery {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    eventId: row.event_id,
    eventType: row.event_type,
    destinationId: row.destination_id,
    status: row.shown_status,
    attemptCount: row.attempt_count,
    nextAttemptAt: row.shown_status === 'held' ? null : (row.due_at?.toISOString() ?? null),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function attemptOf(row: Row<LedgerTables['attempts']>): Attempt {
  return {
    id: attemptId(row.delivery_id, row.attempt),
    deliveryId: row.delivery_id,
    number: row.attempt,
    result: row.result,
    statusCode: row.status_code,
    errorClass: row.error_class,
    repeated: row.repeated,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    response: row.response.toString('base64'),
  };
}
