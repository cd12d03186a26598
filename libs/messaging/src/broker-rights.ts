import {
  exchange,
  ingestExchange,
  type MessageType,
  type QueueDefinition,
  queueExchange,
  sentBy,
  topology,
} from '#libs/contracts';
import { replyKeysOf } from './reply-queue.js';
import { brokerQueues, parkedQueues, parkedSuffix, queuesOf } from './topology-plan.js';

/** What RabbitMQ lets a user do, as regular expressions of names: of queues and exchanges, or of routing keys. */
export interface BrokerRights {
  /** To declare and delete, to publish to and to bind, to consume and to bind from. */
  readonly resources: Readonly<Record<'configure' | 'write' | 'read', string>>;
  /** To publish with these routing keys, and to bind with them, by exchange. */
  readonly topics: Readonly<Record<string, Readonly<Record<'write' | 'read', string>>>>;
}

const nothing = '^$';

/** Outside publishers write to their exchange, for whichever tenant. */
export const rightsOfPublishers: BrokerRights = {
  resources: { configure: nothing, write: anyOf([literal(ingestExchange)]), read: nothing },
  topics: {},
};

/**
 * The least with which a service does its work: it declares and consumes its own queues, binds them to what it hears,
 * and publishes what it says. Who collects parked messages has the parked queues of all others, and puts them back.
 */
export function rightsOf(app: string): BrokerRights {
  const queues = queuesOf(app, topology);
  const own = `${literal(app)}\\..+`;
  const collects = queues.some(({ kind }) => kind === 'collect');
  const heard = queues.filter(({ kind }) => kind !== 'collect');
  const sources = [...new Set([exchange, queueExchange, ...heard.map((queue) => queue.exchange)])];
  const queuesInHand = [own, ...(collects ? [`.+${literal(parkedSuffix)}`] : [])];
  return {
    resources: {
      configure: anyOf(queuesInHand),
      write: anyOf([...queuesInHand, ...[exchange, queueExchange].map(literal)]),
      read: anyOf([...queuesInHand, ...sources.map(literal)]),
    },
    topics: {
      [exchange]: {
        write: anyOf(sentBy(app).flatMap(routingKeysOf)),
        read: anyOf(keysHeard(heard, exchange)),
      },
      [queueExchange]: {
        write: anyOf([
          replyKeysOf(app),
          ...parkedQueues(queues).map(({ name }) => literal(name)),
          ...(collects ? parkedQueues(topology).flatMap(({ origins }) => origins.map(literal)) : []),
        ]),
        read: anyOf(queuesInHand),
      },
    },
  };
}

function routingKeysOf(message: MessageType): string[] {
  const hearing = topology.filter((definition) => definition.message === message);
  return [...new Set(hearing.flatMap(brokerQueues).map(({ routingKey }) => literal(routingKey)))];
}

function keysHeard(queues: readonly QueueDefinition[], from: string): string[] {
  return queues
    .filter((queue) => queue.exchange === from)
    .flatMap(brokerQueues)
    .map(({ routingKey }) => literal(routingKey));
}

function anyOf(patterns: readonly string[]): string {
  return patterns.length === 0 ? nothing : `^(${patterns.join('|')})$`;
}

function literal(name: string): string {
  return name.replaceAll('.', '\\.');
}
