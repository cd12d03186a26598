import { setTimeout as delay } from 'node:timers/promises';
import type { QueueDefinition } from '#libs/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import { backoffMs } from './backoff.js';
import { messageOf, QueueMissingError, TopologyMismatchError } from './errors.js';
import { onChannel } from './on-channel.js';
import { exchanges, type PlannedQueue, planOf, planOfParked } from './topology-plan.js';

/** Of declaring all of it: together about ten seconds. */
const maxTries = 6;

/**
 * Declares all of it: the exchanges, and every durable queue and binding; what exists already stays as it is.
 * @throws TopologyMismatchError if something exists with other arguments.
 */
export function declareTopology(model: ChannelModel, topology: readonly QueueDefinition[]): Promise<void> {
  return patiently(async () => {
    await onChannel(model, assertExchanges);
    await onChannel(model, (channel) => declareQueues(channel, topology));
  });
}

/**
 * Declares these queues. The exchanges are only made if they are missing: a service's user need not have the right to.
 * @throws TopologyMismatchError if a queue exists with other arguments.
 */
export function declareOwnQueues(model: ChannelModel, own: readonly QueueDefinition[]): Promise<void> {
  return patiently(async () => {
    await onChannel(model, checkExchanges).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      return onChannel(model, assertExchanges);
    });
    await onChannel(model, (channel) => declareQueues(channel, own));
  });
}

/** One alone, whoever's it is. */
export function declareParkedQueue(model: ChannelModel, name: string): Promise<void> {
  return onChannel(model, (channel) => declare(channel, planOfParked(name)));
}

/**
 * RabbitMQ confirms a message as soon as one queue has it: all that are to hear it have to be there before.
 * @throws QueueMissingError
 */
export async function checkWorkQueues(
  model: ChannelModel,
  topology: readonly QueueDefinition[],
): Promise<void> {
  const work = topology.filter(({ kind }) => kind === 'work');
  await onChannel(model, async (channel) => {
    for (const { name } of planOf(work)) {
      await channel.checkQueue(name).catch((error: unknown) => {
        throw isMissing(error) ? new QueueMissingError(name) : error;
      });
    }
  });
}

async function patiently(declaring: () => Promise<void>): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      return await declaring();
    } catch (error) {
      // A quorum queue that another process is only just making is "down or inaccessible" for a moment.
      if (!isMissing(error) || failures === maxTries) throw error;
      await delay(backoffMs(failures));
    }
  }
}

async function assertExchanges(channel: Channel): Promise<void> {
  for (const name of exchanges)
    await explained(name, channel.assertExchange(name, 'topic', { durable: true }));
}

async function checkExchanges(channel: Channel): Promise<void> {
  for (const name of exchanges) await channel.checkExchange(name);
}

async function declareQueues(channel: Channel, topology: readonly QueueDefinition[]): Promise<void> {
  for (const queue of planOf(topology)) await declare(channel, queue);
}

async function declare(channel: Channel, { name, options, bindings }: PlannedQueue): Promise<void> {
  await explained(name, channel.assertQueue(name, options));
  for (const { exchange, routingKey } of bindings) await channel.bindQueue(name, exchange, routingKey);
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

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === 404;
}
