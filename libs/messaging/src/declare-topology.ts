import { setTimeout as delay } from 'node:timers/promises';
import { exchange, ingestExchange, type QueueDefinition } from '#libs/contracts';
import type { ChannelModel, Options } from 'amqplib';
import { backoffMs } from './backoff.js';
import { messageOf, TopologyMismatchError } from './errors.js';

/** How often a message may come back from consumers that died with it, before it is set aside as poison. */
export const deliveryLimit = 20;
/** Of a parked queue: it has nowhere to give a message up to. RabbitMQ 3 knows no "never", and 4 sets 20 unless told. */
const parkedDeliveryLimit = 1_000_000_000;

/** Of declaring all of it: together about ten seconds. */
const maxTries = 6;

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

/** Partitions are one handler's work, so they share one parked queue. */
export function parkedQueueOf(definition: QueueDefinition): string {
  return `${definition.name}.parked`;
}

/** A parked queue, and the queues whose messages come to it. */
export interface ParkedQueue {
  readonly name: string;
  readonly origins: readonly string[];
}

export function parkedQueues(topology: readonly QueueDefinition[]): ParkedQueue[] {
  return topology
    .filter(({ kind }) => kind === 'work')
    .map((definition) => ({
      name: parkedQueueOf(definition),
      origins: brokerQueues(definition).map(({ name }) => name),
    }));
}

/**
 * Declares the exchanges, and every durable queue and binding of the topology; what exists already stays as it is.
 * @throws TopologyMismatchError if something exists with other arguments.
 */
export async function declareTopology(
  model: ChannelModel,
  topology: readonly QueueDefinition[],
): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      return await declareAll(model, topology);
    } catch (error) {
      // A quorum queue that another process is only just making is "down or inaccessible" for a moment.
      if ((error as { code?: number }).code !== 404 || failures === maxTries) throw error;
      await delay(backoffMs(failures));
    }
  }
}

async function declareAll(model: ChannelModel, topology: readonly QueueDefinition[]): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  try {
    for (const name of [exchange, ingestExchange]) {
      await explained(name, channel.assertExchange(name, 'topic', { durable: true }));
    }
    for (const definition of topology) {
      if (definition.kind === 'broadcast' || definition.kind === 'collect') continue;
      if (definition.kind === 'work') {
        const parked = parkedQueueOf(definition);
        await explained(parked, channel.assertQueue(parked, optionsOfParked));
      }
      for (const queue of brokerQueues(definition)) {
        await explained(queue.name, channel.assertQueue(queue.name, optionsOf(definition)));
        await channel.bindQueue(queue.name, definition.exchange, queue.routingKey);
      }
    }
  } finally {
    await channel.close().catch(() => undefined);
  }
}

const optionsOfParked: Options.AssertQueue = {
  durable: true,
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': parkedDeliveryLimit },
};

function optionsOf(definition: QueueDefinition): Options.AssertQueue {
  // A request lives as long as its asker waits: dead-lettering would collect those that nobody waits for any more.
  if (definition.kind === 'request') return { durable: true, arguments: { 'x-queue-type': 'quorum' } };
  return {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': parkedQueueOf(definition),
      // At-least-once holds only together with reject-publish: without it RabbitMQ falls back silently.
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  };
}

async function explained<T>(name: string, declaring: Promise<T>): Promise<T> {
  try {
    return await declaring;
  } catch (error) {
    const { code } = error as { code?: number };
    if (code !== 406) throw error;
    throw new TopologyMismatchError(
      `"${name}" exists in RabbitMQ with other arguments than Posthorn gives it: ${messageOf(error)}. ` +
        'Let it run empty, delete it, and start again: it is declared anew.',
    );
  }
}
