import { type AuditEntry, recordAudit } from '#libs/audit';
import type { Actor, DeliverySummary, EventReplay } from '#libs/contracts';
import { Database, type Kysely } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.js';
import { wakeLanes } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';
import { DestinationsRepository } from '../project-destination/destinations.repository.js';
import { type DeliveryKey, SendAgainRepository } from './send-again.repository.js';

const shownDeliveries = 250;

type Event = Readonly<Record<'tenantId' | 'eventId' | 'eventType' | 'acceptedAt', string>>;

/** Sends an event to destinations: by the delivery there is, or by a new one where it never was to go there. */
@Injectable()
export class SendToRepository {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly deliveries: DeliveriesRepository,
    private readonly destinations: DestinationsRepository,
    private readonly again: SendAgainRepository,
  ) {}

  send(
    event: Event,
    keys: readonly DeliveryKey[],
    actor?: Actor,
  ): Promise<Pick<EventReplay, 'done' | 'deliveries' | 'hasMore'>> {
    if (keys.length === 0) return Promise.resolve({ done: 0, deliveries: [], hasMore: false });
    return this.database.ofTenant(event.tenantId).transaction(async (db) => {
      const living = await this.#living(db, keys);
      const missing = living.map((key) => ({
        delivery: { ...event, deliveryId: key.id, destinationId: key.destination_id },
        status: 'pending' as const,
        attemptCount: 0,
        dueInMs: 0,
      }));
      if (missing.length > 0) await this.deliveries.insertNew(db, missing);
      const { fates, wakes } = await this.again.send(db, living);
      const sent = living.filter(({ id }) => fates.has(id));
      const deliveries = await shown(db, sent);
      await wakeLanes(db, wakes);
      const done = [...fates.values()].filter((fate) => fate === 'sent' || fate === 'held').length;
      await recordAudit(db, [auditReplay(event, { deliveries, done }, actor)]);
      return { done, deliveries, hasMore: sent.length > shownDeliveries };
    });
  }

  /** The router may not have heard yet that one was deleted. They stay as they are until the transaction ends. */
  async #living(db: Kysely<LedgerTables>, keys: readonly DeliveryKey[]): Promise<DeliveryKey[]> {
    const known = await this.destinations.lock(
      db,
      keys.map((key) => key.destination_id),
    );
    return keys.filter((key) => !known.get(key.destination_id)?.deleted);
  }
}

function auditReplay(
  { tenantId, eventId }: Event,
  { deliveries, done }: Pick<EventReplay, 'done' | 'deliveries'>,
  actor: Actor | undefined,
): AuditEntry {
  const destinationIds = deliveries.map(({ destinationId }) => destinationId);
  const object = { type: 'event', id: eventId };
  return { actor, action: 'event.replayed', object, tenantId, after: { destinationIds, done } };
}

async function shown(db: Kysely<LedgerTables>, keys: readonly DeliveryKey[]): Promise<DeliverySummary[]> {
  const first = keys.slice(0, shownDeliveries);
  if (first.length === 0) return [];
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'destination_id', 'status'])
    .where(
      'id',
      'in',
      first.map(({ id }) => id),
    )
    .where(
      'created_at',
      'in',
      first.map((key) => key.created_at),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: row.id, destinationId: row.destination_id, status: row.status }));
}
