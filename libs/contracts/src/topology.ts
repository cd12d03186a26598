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
import { IngestedMessage } from './messages/ingested-message.js';
import { MessageParked } from './messages/message-parked.js';
import type { MessageType } from './messages/message.js';
import { ParkedMessage } from './messages/parked-message.js';
import { TenantChanged } from './messages/tenant-changed.js';
import { TenantErased } from './messages/tenant-erased.js';
import { TenantErasureRequested } from './messages/tenant-erasure-requested.js';
import { deliveryPartitions } from './partition.js';
import { CreateApiKey, DeleteApiKey, ListApiKeys, ReadApiKeyChanges } from './requests/api-keys.js';
import { ListLedgerAudit, ListRegistryAudit } from './requests/audit.js';
import { ApplyDestination } from './requests/apply-destination.js';
import {
  GetDestinationSecret,
  GetLetterbox,
  RotateDestinationSecret,
} from './requests/destination-secrets.js';
import { GetDestinationStats } from './requests/destination-stats.js';
import {
  CreateDestination,
  DeleteDestination,
  GetDestination,
  ListDestinations,
  UpdateDestination,
} from './requests/destinations.js';
import { ErasePayload, GetErasure, ListErasures } from './requests/erasures.js';
import { PrepareDestinationTest, TestDestination } from './requests/test-destination.js';
import { ExplainRouting, GetRecordedEvent } from './requests/explain-event.js';
import { DisableDestination } from './requests/disable-destination.js';
import {
  DeleteEventType,
  GetEventType,
  ListEventTypeChanges,
  ListEventTypes,
  PutEventType,
} from './requests/event-types.js';
import {
  GetDelivery,
  GetEvent,
  ListAnyDeliveries,
  ListAnyEvents,
  ListAttempts,
  ListDeliveries,
  ListEvents,
} from './requests/history.js';
import { MatchEvent } from './requests/match-event.js';
import { DropParked, GetParked, ListParked, RedriveParked } from './requests/parked.js';
import { RecordKeyUses } from './requests/record-key-uses.js';
import { CancelReplay, CreateReplay, GetReplay, ListReplays } from './requests/replays.js';
import { ReplayEvent, RetryDelivery } from './requests/send-again.js';
import { DeleteTenant, GetTenant, ListTenants, PutTenant } from './requests/tenants.js';

/** Everything of Posthorn's own goes through this one. */
export const exchange = 'posthorn';
/** Outside publishers write here, and only here. The routing key is the tenant's id. */
export const ingestExchange = 'posthorn.ingest';
/**
 * Straight into a queue: the routing key is its name. It is what RabbitMQ's default exchange would be, were there a way
 * to let a user write to some queues by that one and not to all.
 */
export const queueExchange = 'posthorn.queues';

/**
 * `work`: durable, shared by all processes of the app, each message handled by one of them.
 * `broadcast`: a queue of each process' own, gone with it, for what only its memory keeps.
 * `request`: like work, but a message lives no longer than its asker waits.
 * `collect`: not a queue of its own, but the parked queues of all work queues, whichever app they belong to.
 */
export type QueueKind = 'work' | 'broadcast' | 'request' | 'collect';

export interface QueueDefinition {
  /** `<app>.<handler>`; a partitioned queue is several of them, `….p0` and so on. */
  readonly name: string;
  readonly kind: QueueKind;
  readonly message: MessageType;
  readonly exchange: string;
  readonly routingKey: string;
  readonly partitions?: number;
  /** The queue of the same app that has to run empty before this one is consumed: what it brings is to be known first. */
  readonly after?: string;
}

/** Only what comes to a work queue is dead-lettered: a broadcast has no queue that it could come back to. */
export type WorkQueue = QueueDefinition & { readonly kind: 'work' };

export function isWorkQueue(definition: QueueDefinition): definition is WorkQueue {
  return definition.kind === 'work';
}

/** Who hears what: the one table of queues. Each app declares its own, and publishes once all of them are there. */
export const topology: readonly QueueDefinition[] = [
  { ...work('gateway.ingest-event', IngestedMessage), exchange: ingestExchange, routingKey: '#' },
  // The gateway also polls the registry for what each of these announces: one that is lost or unreadable costs seconds.
  broadcast('gateway.forget-tenant', TenantChanged),
  broadcast('gateway.learn-api-key', ApiKeyChanged),
  broadcast('gateway.project-event-type', EventTypeChanged),

  request('registry', PutTenant),
  request('registry', GetTenant),
  request('registry', ListTenants),
  request('registry', DeleteTenant),
  work('registry.record-erasure', TenantErased),
  request('registry', GetErasure),
  request('registry', ListErasures),
  request('registry', PutEventType),
  request('registry', GetEventType),
  request('registry', ListEventTypes),
  request('registry', DeleteEventType),
  request('registry', ListEventTypeChanges),
  request('registry', CreateDestination),
  request('registry', GetDestination),
  request('registry', GetLetterbox),
  request('registry', GetDestinationSecret),
  request('registry', RotateDestinationSecret),
  request('registry', ListDestinations),
  request('registry', UpdateDestination),
  request('registry', DisableDestination),
  request('registry', DeleteDestination),
  request('registry', CreateApiKey),
  request('registry', ListApiKeys),
  request('registry', DeleteApiKey),
  request('registry', ReadApiKeyChanges),
  request('registry', RecordKeyUses),
  request('registry', PrepareDestinationTest),
  request('registry', ListRegistryAudit),

  { ...work('router.route-event', EventAccepted), after: 'router.project-destination' },
  work('router.project-destination', DestinationChanged),
  work('router.erase-tenant', TenantErasureRequested),
  request('router', ApplyDestination),
  request('router', ExplainRouting),
  request('router', MatchEvent),

  { ...work('dispatcher.deliver-event', DeliveryRequested), partitions: deliveryPartitions },
  work('dispatcher.project-destination', DestinationChanged),
  work('dispatcher.project-circuit', CircuitChanged),
  work('dispatcher.erase-tenant', TenantErasureRequested),
  request('dispatcher', TestDestination),

  work('ledger.record-event', EventAccepted),
  work('ledger.record-routing', EventRouted),
  work('ledger.record-repeat', EventRepeated),
  work('ledger.record-attempt', DeliveryAttempted),
  work('ledger.postpone-delivery', DeliveryPostponed),
  work('ledger.project-destination', DestinationChanged),
  work('ledger.erase-tenant', TenantErasureRequested),
  request('ledger', ErasePayload),
  request('ledger', ListEvents),
  request('ledger', GetEvent),
  request('ledger', ListDeliveries),
  request('ledger', GetDelivery),
  request('ledger', ListAttempts),
  request('ledger', GetDestinationStats),
  request('ledger', GetRecordedEvent),
  request('ledger', ListAnyEvents),
  request('ledger', ListAnyDeliveries),
  request('ledger', ReplayEvent),
  request('ledger', RetryDelivery),
  request('ledger', CreateReplay),
  request('ledger', ListReplays),
  request('ledger', GetReplay),
  request('ledger', CancelReplay),
  { ...work('ledger.collect-parked', ParkedMessage), kind: 'collect' },
  request('ledger', ListParked),
  request('ledger', GetParked),
  request('ledger', RedriveParked),
  request('ledger', DropParked),
  request('ledger', ListLedgerAudit),

  { ...work('alerts.watch-destination', DeliveryAttempted), after: 'alerts.project-destination' },
  work('alerts.project-destination', DestinationChanged),
  work('alerts.announce-failed-delivery', DeliveryFailed),
  work('alerts.announce-parked-message', MessageParked),
  work('alerts.erase-tenant', TenantErasureRequested),
];

function work(name: string, message: MessageType): QueueDefinition {
  return { name, kind: 'work', message, exchange, routingKey: message.type };
}

function broadcast(name: string, message: MessageType): QueueDefinition {
  return { ...work(name, message), kind: 'broadcast' };
}

/** A request's queue is named like the request: `registry.get-tenant.v1` waits in `registry.get-tenant`. */
function request(app: string, message: MessageType): QueueDefinition {
  const name = message.type.replace(/\.v\d+$/, '');
  if (!name.startsWith(`${app}.`)) throw new Error(`${message.type} is not a request to ${app}`);
  return { name, kind: 'request', message, exchange, routingKey: message.type };
}
