import {
  exchange,
  ingestExchange,
  isWorkQueue,
  type QueueDefinition,
  queueExchange,
  type WorkQueue,
} from '#libs/contracts';
import type { Options } from 'amqplib';
import { isBundled } from './bundle.js';

/** How often a message may come back from consumers that died with it, before it is set aside as poison. */
export const deliveryLimit = 20;
/** Of a parked queue: it has nowhere to give a message up to. RabbitMQ 3 knows no "never", and 4 sets 20 unless told. */
const parkedDeliveryLimit = 1_000_000_000;

/** All of them are durable topic exchanges. */
export const exchanges: readonly string[] = [exchange, ingestExchange, queueExchange];

/** A queue as the broker knows it: a partitioned definition gives several. */
export interface BrokerQueue {
  readonly name: string;
  readonly routingKey: string;
  readonly definition: QueueDefinition;
}

export function brokerQueues(definition: QueueDefinition): BrokerQueue[] {
  if (definition.partitions === undefined) {
    return [{ name: definition.name, routingKey: definition.routingKey, definition }];
  }
  return Array.from({ length: definition.partitions }, (_, partition) => ({
    name: `${definition.name}.p${partition}`,
    routingKey: `${definition.routingKey}.p${partition}`,
    definition,
  }));
}

export const parkedSuffix = '.parked';

/** Partitions are one handler's work, so they share one parked queue. */
export function parkedQueueOf(definition: WorkQueue): string {
  return `${definition.name}${parkedSuffix}`;
}

/** A parked queue, and the queues whose messages come to it. */
export interface ParkedQueue {
  readonly name: string;
  readonly origins: readonly string[];
  /** Whether what comes to it may be bundles. */
  readonly bundled: boolean;
}

export function parkedQueues(topology: readonly QueueDefinition[]): ParkedQueue[] {
  return topology.filter(isWorkQueue).map((definition) => ({
    name: parkedQueueOf(definition),
    origins: brokerQueues(definition).map(({ name }) => name),
    bundled: isBundled(definition.message),
  }));
}

/** The queues that are an app's own to declare and consume. */
export function queuesOf(app: string, topology: readonly QueueDefinition[]): QueueDefinition[] {
  return topology.filter(({ name }) => name.startsWith(`${app}.`));
}

/** A queue that has to be in the broker: those of broadcasts and replies come and go with who reads them. */
export interface PlannedQueue {
  readonly name: string;
  readonly options: Options.AssertQueue;
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string }[];
}

/** In this order. A parked queue comes last: once it is there, all that it belongs to is there and bound. */
export function planOf(topology: readonly QueueDefinition[]): PlannedQueue[] {
  const durable = topology.filter(({ kind }) => kind === 'work' || kind === 'request');
  return [
    ...durable.flatMap(brokerQueues).map(({ name, routingKey, definition }) => ({
      name,
      options: optionsOf(definition),
      bindings: [
        { exchange: definition.exchange, routingKey },
        // By which what was parked is put back.
        ...(definition.kind === 'work' ? [byName(name)] : []),
      ],
    })),
    ...parkedQueues(topology).map(({ name }) => planOfParked(name)),
  ];
}

export function planOfParked(name: string): PlannedQueue {
  return { name, options: optionsOfParked, bindings: [byName(name)] };
}

function byName(queue: string): PlannedQueue['bindings'][number] {
  return { exchange: queueExchange, routingKey: queue };
}

const optionsOfParked: Options.AssertQueue = {
  durable: true,
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': parkedDeliveryLimit },
};

function optionsOf(definition: QueueDefinition): Options.AssertQueue {
  // A request lives as long as its asker waits: dead-lettering would collect those that nobody waits for any more.
  if (!isWorkQueue(definition)) return { durable: true, arguments: { 'x-queue-type': 'quorum' } };
  return {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': queueExchange,
      'x-dead-letter-routing-key': parkedQueueOf(definition),
      // At-least-once holds only together with reject-publish: without it RabbitMQ falls back silently.
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  };
}
