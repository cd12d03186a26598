import { ApiKeyChanged } from './messages/api-key-changed.js';
import { CircuitChanged } from './messages/circuit-changed.js';
import { DeliveryAttempted } from './messages/delivery-attempted.js';
import { DeliveryFailed } from './messages/delivery-failed.js';
import { DeliveryPostponed } from './messages/delivery-postponed.js';
import { DeliveryRequested } from './messages/delivery-requested.js';
import { DestinationChanged } from './messages/destination-changed.js';
import { EventAccepted } from './messages/event-accepted.js';
import { EventRepeated } from './messages/event-repeated.js';
import { EventRouted } from './messages/event-routed.js';
import { EventTypeChanged } from './messages/event-type-changed.js';
import { MessageParked } from './messages/message-parked.js';
import type { MessageType } from './messages/message.js';
import { TenantChanged } from './messages/tenant-changed.js';
import { TenantErased } from './messages/tenant-erased.js';
import { TenantErasureRequested } from './messages/tenant-erasure-requested.js';
import { ApplyDestination } from './requests/apply-destination.js';
import { DisableDestination } from './requests/disable-destination.js';
import { MatchEvent } from './requests/match-event.js';
import { topology } from './topology.js';

const askedByServices = new Set<MessageType>([ApplyDestination, MatchEvent, DisableDestination]);
const askedByTheGateway = topology
  .filter(({ kind, message }) => kind === 'request' && !askedByServices.has(message))
  .map(({ message }) => message);

const senders: Readonly<Record<string, readonly MessageType[]>> = {
  gateway: [EventAccepted, ...askedByTheGateway],
  registry: [
    TenantChanged,
    TenantErasureRequested,
    EventTypeChanged,
    DestinationChanged,
    ApiKeyChanged,
    ApplyDestination,
  ],
  router: [EventRouted, EventRepeated, DeliveryRequested, TenantErased],
  dispatcher: [DeliveryAttempted, DeliveryPostponed, TenantErased],
  // An event again: what was accepted and never routed.
  ledger: [EventAccepted, DeliveryRequested, DeliveryFailed, CircuitChanged, MatchEvent, TenantErased],
  // An event: what it tells the tenant `posthorn`.
  alerts: [EventAccepted, DisableDestination, TenantErased],
};

/** Every message and request that a service says of itself. Its RabbitMQ user may say nothing else. */
export function sentBy(app: string): readonly MessageType[] {
  return [...(senders[app] ?? []), MessageParked];
}
