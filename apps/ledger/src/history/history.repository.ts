import {
  type Delivery,
  type DeliveryFilter,
  type DeliveryStatus,
  type EventFilter,
  type EventRecord,
  type EventSummary,
  type Page,
  type PageRequest,
  publicTenantId,
} from '#libs/contracts';
import { Database, exactTime, type Kysely, readPage, type Row } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { acceptedAsIn, acceptedWithin } from './accepted-within.js';
import { countingFirst } from './counting-first.js';
import { repeatsOf } from './repeats-of.js';
import { hasStatus, shownStatus } from './shown-status.js';

/** Whoever asked waits five seconds. */
const listDeadlineMs = 4000;

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

  /** @param tenantId undefined for all tenants. */
  async listEvents(
    tenantId: string | undefined,
    filter: EventFilter,
    page: PageRequest,
  ): Promise<Page<EventSummary>> {
    // Two tenants may have used one id: across them it is the acceptance that tells events apart.
    const id = tenantId === undefined ? 'acceptance_id' : 'event_id';
    return this.database.ofTenant(tenantId).within(listDeadlineMs, (db) =>
      readPage(
        shownEvents(db, tenantId)
          .select([exactTime('accepted_at').as('position_at'), `${id} as position_id`])
          .where(acceptedWithin(filter, { time: 'accepted_at' }))
          .$if(filter.type !== undefined, (query) => query.where('event_type', '=', filter.type ?? '')),
        { at: 'accepted_at', id },
        page,
        eventOf,
      ),
    );
  }

  /** The acceptance that counts; of an id that was used again after the router had forgotten it, the last one. */
  async findEvent(tenantId: string, eventId: string): Promise<EventRecord | undefined> {
    return this.database.ofTenant(tenantId).run(async (db) => {
      const row = await shownEvents(db, tenantId)
        .where('event_id', '=', eventId)
        .orderBy(countingFirst)
        .executeTakeFirst();
      if (!row) return undefined;
      const repeats = await repeatsOf(db, row);
      return {
        ...eventOf(row),
        contentType: row.content_type,
        cloudEvent: row.cloud_event,
        payload: await payloadOf(db, row),
        ...(await deliveriesOf(db, row)),
        ...(repeats && { repeats }),
      };
    });
  }

  /** @param tenantId undefined for all tenants. */
  async listDeliveries(
    tenantId: string | undefined,
    filter: DeliveryFilter,
    page: PageRequest,
  ): Promise<Page<Delivery>> {
    return this.database.ofTenant(tenantId).within(listDeadlineMs, (db) =>
      readPage(
        db
          .selectFrom('deliveries')
          .selectAll()
          .select(shownStatus.as('shown_status'))
          .select([exactTime('created_at').as('position_at'), 'id as position_id'])
          .where((where) => where.and(columnsOf(tenantId, filter)))
          .where(hasStatus(filter.status === undefined ? undefined : [filter.status]))
          .where(acceptedWithin(filter, { time: 'created_at', deliveryId: 'id' })),
        { id: 'id' },
        page,
        deliveryOf,
      ),
    );
  }

  async findDelivery(tenantId: string, id: string): Promise<Delivery | undefined> {
    const row = await this.database
      .ofTenant(tenantId)
      .run((db) =>
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
}

/** @returns null if it is past its retention. */
async function payloadOf(db: Kysely<LedgerTables>, event: EventRow): Promise<string | null> {
  const row = await db
    .selectFrom('payloads')
    .select('payload')
    .where('tenant_id', '=', event.tenant_id)
    .where('event_id', '=', event.event_id)
    .where('accepted_at', '=', event.accepted_at)
    .where('acceptance_id', '=', event.acceptance_id)
    .executeTakeFirst();
  return row?.payload.toString('base64') ?? null;
}

const shownDeliveries = 250;

/** An event may have gone to thousands: the first ones here, all of them in the list of deliveries. */
async function deliveriesOf(
  db: Kysely<LedgerTables>,
  event: EventRow,
): Promise<Pick<EventRecord, 'deliveries' | 'hasMore'>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'destination_id'])
    .select(shownStatus.as('status'))
    .where('tenant_id', '=', event.tenant_id)
    .where('event_id', '=', event.event_id)
    .where('created_at', '=', event.accepted_at)
    .orderBy('id')
    .limit(shownDeliveries + 1)
    .execute();
  const deliveries = rows
    .slice(0, shownDeliveries)
    .map((row) => ({ id: row.id, destinationId: row.destination_id, status: row.status }));
  return { deliveries, hasMore: rows.length > shownDeliveries };
}

/** What has been recorded of an event, but for the acceptances that another one of the same event overrules. */
function shownEvents(db: Kysely<LedgerTables>, tenantId: string | undefined) {
  return db
    .selectFrom('events')
    .selectAll()
    .$narrowType<Recorded>()
    .where((where) => where.and(tenantId === undefined ? {} : { tenant_id: tenantId }))
    .where('recorded_at', 'is not', null)
    .where('routing', '<>', 'repeated');
}

/** What of a filter is in a delivery's own columns. */
function columnsOf(
  tenantId: string | undefined,
  { destinationId, eventId, eventType }: DeliveryFilter,
): Partial<Record<'tenant_id' | 'destination_id' | 'event_id' | 'event_type', string>> {
  return {
    ...(tenantId !== undefined && { tenant_id: tenantId }),
    ...(destinationId !== undefined && { destination_id: destinationId }),
    ...(eventId !== undefined && { event_id: eventId }),
    ...(eventType !== undefined && { event_type: eventType }),
  };
}

function eventOf(row: EventRow): EventSummary {
  return {
    id: row.event_id,
    tenantId: publicTenantId(row.tenant_id),
    type: row.event_type,
    timestamp: row.timestamp,
    acceptedAt: row.accepted_at.toISOString(),
    source: row.source,
  };
}

function deliveryOf(row: Row<LedgerTables['deliveries']> & { shown_status: DeliveryStatus }): Delivery {
  return {
    id: row.id,
    tenantId: publicTenantId(row.tenant_id),
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
