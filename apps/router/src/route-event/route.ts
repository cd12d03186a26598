import {
  create,
  deliveryId,
  DeliveryRequested,
  type EventAccepted,
  EventRepeated,
  EventRouted,
  type RoutedDelivery,
} from '#libs/contracts';
import { type ByteAllowances, bytesOnTheWay } from '#libs/messaging';
import type { Subscription } from './subscriptions.js';

const deliveriesPerMessage = 500;

/**
 * The messages that routing an event to these destinations gives: a request for each that is enabled, and the record.
 * @param allowances bound the copies that are requested here; what is over them waits in the ledger.
 */
export function* route(
  event: EventAccepted,
  matches: readonly Subscription[],
  allowances: ByteAllowances,
): Generator<object> {
  const copies = matches.reduce((count, match) => count + Number(match.enabled), 0) - 1;
  // One is no more than what was published; with none or one there is nothing to bound.
  let granted =
    1 + (copies > 0 ? allowances.grant(event.tenantId, bytesOnTheWay(event.body.length), copies) : 0);
  const deliveries = matches.map((match) => ({
    match,
    id: deliveryId(event, match.destinationId),
    isRequested: match.enabled && granted-- > 0,
  }));
  for (const { match, id, isRequested } of deliveries) if (isRequested) yield requestOf(event, match, id);
  // Also when nothing matched: the ledger is to know that the event was looked at.
  for (let start = 0; start === 0 || start < deliveries.length; start += deliveriesPerMessage) {
    yield recordOf(
      event,
      deliveries.slice(start, start + deliveriesPerMessage).map(({ match, id, isRequested }) => ({
        deliveryId: id,
        destinationId: match.destinationId,
        destinationVersion: match.destinationVersion,
        held: !match.enabled,
        ...(match.enabled && !isRequested && { waiting: true }),
      })),
    );
  }
}

/** The ledger is to know that this acceptance comes to nothing. */
export function recordOfRepeat({
  tenantId,
  eventId,
  acceptanceId,
  acceptedAt,
}: EventAccepted): EventRepeated {
  return create(EventRepeated, { tenantId, eventId, acceptanceId, acceptedAt });
}

function requestOf(event: EventAccepted, match: Subscription, id: string): DeliveryRequested {
  return create(DeliveryRequested, {
    deliveryId: id,
    tenantId: event.tenantId,
    eventId: event.eventId,
    eventType: event.eventType,
    timestamp: event.timestamp,
    acceptedAt: event.acceptedAt,
    destinationId: match.destinationId,
    destinationVersion: match.destinationVersion,
    attempt: 1,
    ...(event.contentType !== undefined && { contentType: event.contentType }),
    ...(event.cloudEvent !== undefined && { cloudEvent: event.cloudEvent }),
    ...(event.hops !== undefined && { hops: event.hops }),
    body: event.body,
  });
}

function recordOf(event: EventAccepted, deliveries: RoutedDelivery[]): EventRouted {
  return create(EventRouted, {
    tenantId: event.tenantId,
    eventId: event.eventId,
    eventType: event.eventType,
    acceptanceId: event.acceptanceId,
    acceptedAt: event.acceptedAt,
    deliveries,
  });
}
