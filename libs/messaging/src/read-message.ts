import { ingestExchange, type QueueDefinition, queueExchange } from '#libs/contracts';
import type { Message } from 'amqplib';
import { unreadableHeaders } from './bounded-tables.js';
import { decode } from './codec.js';
import { DecodeError } from './errors.js';
import { brokerQueues } from './topology-plan.js';

/** Where a message was published to. */
type Address = Pick<Message['fields'], 'exchange' | 'routingKey'>;

/** Straight into this queue, by whoever has the right to. */
export function isSentTo(queue: string, { exchange, routingKey }: Address): boolean {
  return isDirect(exchange) && routingKey === queue;
}

export function misaddressed({ exchange, routingKey }: Address): string {
  return `it was published to ${exchange} as ${routingKey}, which is not for this queue`;
}

/**
 * Reads a message of this queue that was also published to it. RabbitMQ asks a publisher's rights for the routing key
 * that a message shows, and not for those in its header CC or BCC: what came by these is nobody's word.
 * @throws DecodeError
 */
export function readMessage(definition: QueueDefinition, message: Message): object {
  if (!isAddressed(definition, message.fields)) {
    throw new DecodeError(misaddressed(message.fields));
  }
  if (message.properties.headers?.[unreadableHeaders] === true) {
    throw new DecodeError('its headers are nested too deep, or cannot be decoded');
  }
  return decode(definition.message, message);
}

function isAddressed(definition: QueueDefinition, { exchange, routingKey }: Address): boolean {
  const { names, keys } = addressesOf(definition);
  if (exchange !== definition.exchange) return isDirect(exchange) && names.has(routingKey);
  // Of a publisher's message the routing key is whichever tenant.
  return exchange === ingestExchange || keys.has(routingKey);
}

interface Addresses {
  readonly names: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** Kept, as each message asks for them. */
const known = new WeakMap<QueueDefinition, Addresses>();

function addressesOf(definition: QueueDefinition): Addresses {
  const kept = known.get(definition);
  if (kept) return kept;
  const queues = brokerQueues(definition);
  const addresses = {
    names: new Set(queues.map(({ name }) => name)),
    keys: new Set(queues.map(({ routingKey }) => routingKey)),
  };
  known.set(definition, addresses);
  return addresses;
}

/** RabbitMQ's default exchange is for administrators. */
function isDirect(exchange: string): boolean {
  return exchange === queueExchange || exchange === '';
}
