import {
  type DeliveryStatus,
  type DestinationExplanation,
  type ExplanationReason,
  madeAtMsOf,
  type MatchedNow,
  type RecordedDelivery,
  type RecordedEvent,
} from '#libs/contracts';

type Why = readonly [reason: ExplanationReason, detail: string];

/**
 * Why each destination did or did not get an event. What the books have recorded is told as it is; why something was
 * never asked for is not written down, and follows from the destination as it is now.
 */
export function explain(
  event: Pick<RecordedEvent, 'eventType' | 'acceptedAt' | 'isRouted' | 'payloadErased' | 'deliveries'>,
  destinations: readonly MatchedNow[],
): DestinationExplanation[] {
  const recorded = new Set(event.deliveries.map(({ destinationId }) => destinationId));
  const undecided = new Set(
    destinations.filter(({ isUndecided }) => isUndecided).map(({ destinationId }) => destinationId),
  );
  return [
    ...event.deliveries.map((delivery) =>
      ofDelivery(delivery, {
        isUndecided: undecided.has(delivery.destinationId),
        payloadErased: event.payloadErased,
      }),
    ),
    ...destinations
      .filter(({ destinationId }) => !recorded.has(destinationId))
      .map((destination) => ofNone(destination, event)),
  ];
}

const withoutResult =
  'The filters of the tenant take too many comparisons for this event: it was delivered without the result of this one.';

function ofDelivery(
  delivery: RecordedDelivery,
  { isUndecided, payloadErased }: { readonly isUndecided: boolean; readonly payloadErased: boolean },
): DestinationExplanation {
  const [reason, detail] = becauseOf(delivery, payloadErased);
  return {
    destinationId: delivery.destinationId,
    delivered: delivery.status === 'delivered',
    reason,
    detail: isUndecided ? `${detail} ${withoutResult}` : detail,
    basis: 'recorded',
    deliveryId: delivery.deliveryId,
    attempts: delivery.attemptCount,
    ...(delivery.nextAttemptAt !== null && { nextAttemptAt: delivery.nextAttemptAt }),
  };
}

function becauseOf(delivery: RecordedDelivery, payloadErased: boolean): Why {
  if (payloadErased && delivery.status === 'cancelled')
    return ['payload_erased', 'The payload of the event was erased before it was delivered.'];
  return becauseOfStatus[delivery.status](delivery);
}

const becauseOfStatus: { readonly [Status in DeliveryStatus]: (delivery: RecordedDelivery) => Why } = {
  delivered: ({ attemptCount }) => ['delivered', `Delivered at attempt ${attemptCount}.`],
  failed: (delivery) => [
    'failed',
    `Given up after ${delivery.attemptCount} attempts; the last one ${outcomeOf(delivery)}.`,
  ],
  retrying: (delivery) => [
    'retrying',
    `Attempt ${delivery.attemptCount} ${outcomeOf(delivery)}; it is tried again.`,
  ],
  pending: () => ['waiting', 'It is to be tried for the first time.'],
  cancelled: () => ['destination_deleted', 'The destination was deleted before it was delivered.'],
  held: ({ circuitOpen }) =>
    circuitOpen
      ? ['circuit_open', 'The endpoint does not answer: it is held until it answers a probe.']
      : ['destination_disabled', 'The destination is disabled: it is held until it is enabled.'],
};

function outcomeOf({ lastAttempt }: RecordedDelivery): string {
  if (!lastAttempt) return 'has not been reported yet';
  const { statusCode, errorClass } = lastAttempt;
  return statusCode === null ? `got no answer (${String(errorClass)})` : `was answered ${statusCode}`;
}

function ofNone(
  destination: MatchedNow,
  event: Pick<RecordedEvent, 'eventType' | 'acceptedAt' | 'isRouted'>,
): DestinationExplanation {
  const [reason, detail] = becauseOfNow(destination, event);
  const basis = reason === 'not_routed_yet' ? 'recorded' : 'reconstructed';
  return { destinationId: destination.destinationId, delivered: false, reason, detail, basis };
}

function becauseOfNow(
  { destinationId, eventTypes, typeMatches, mismatch, isUnknown }: MatchedNow,
  { eventType, acceptedAt, isRouted }: Pick<RecordedEvent, 'eventType' | 'acceptedAt' | 'isRouted'>,
): Why {
  // The books learn of an attempt sooner than of the routing before it, so that this stands beside a delivery for a while.
  if (!isRouted)
    return ['not_routed_yet', 'The event has been accepted; where it goes to has not been recorded yet.'];
  if ((madeAtMsOf(destinationId) ?? 0) > Date.parse(acceptedAt))
    return ['created_after_event', 'The destination was created after the event was accepted.'];
  if (!typeMatches)
    return [
      'event_type_mismatch',
      `${eventType} does not match any of its event types: ${some(eventTypes)}.`,
    ];
  if (isUnknown)
    return ['payload_expired', 'Its filter is on data, and the data of this event is not kept any more.'];
  if (mismatch !== null)
    return ['filter_mismatch', `The condition of its filter on ${mismatch} does not hold.`];
  return [
    'changed_since',
    'It matches now, and did not when the event was routed: it has been changed since.',
  ];
}

const maxShown = 10;

function some(eventTypes: readonly string[]): string {
  const shown = eventTypes.slice(0, maxShown).join(', ');
  return eventTypes.length > maxShown ? `${shown} and ${eventTypes.length - maxShown} more` : shown;
}
