import { Readings } from '#libs/observability';
import type { AmqpServer } from './amqp-server.js';
import type { Broker } from './broker.js';
import { publishLimit } from './publisher.js';

const connection = 'connection';
const queue = 'messaging_destination_name';
const queueEveryMs = 5000;

const state = new Readings({
  connected: {
    name: 'posthorn_broker_connected',
    help: '1 while there is a connection to RabbitMQ, and for publishing every queue, else 0.',
    labels: [connection],
  },
  blocked: {
    name: 'posthorn_broker_blocked',
    help: '1 while RabbitMQ takes no messages from this process because of a memory or disk alarm, else 0.',
  },
  pending: {
    name: 'posthorn_publisher_pending_messages',
    help: 'Messages that wait for the confirm of RabbitMQ, several that travel together counted as one.',
  },
  pendingLimit: {
    name: 'posthorn_publisher_pending_limit_messages',
    help: 'How many may wait at most: beyond it, publishing is refused at once.',
  },
  pendingBytes: {
    name: 'posthorn_publisher_pending_bytes',
    help: 'Bytes of the messages that wait for the confirm of RabbitMQ.',
  },
  pendingBytesLimit: {
    name: 'posthorn_publisher_pending_limit_bytes',
    help: 'How many bytes may wait at most.',
  },
  inHand: {
    name: 'posthorn_consumer_in_hand_messages',
    help: 'Messages that RabbitMQ has given to this process and that are not finished, by queue; partitions one by one.',
    labels: [queue],
  },
  inHandLimit: {
    name: 'posthorn_consumer_in_hand_limit_messages',
    help: 'How many messages of a queue RabbitMQ gives to this process at once.',
    labels: [queue],
  },
});

const queues = new Readings(
  {
    ready: {
      name: 'posthorn_queue_ready_messages',
      help: 'Messages that wait in a queue of this service for somebody to take them, several that travel together counted as one; every process shows the same.',
      labels: [queue],
    },
  },
  queueEveryMs,
);

/** From here on these are the broker and the consumers that are shown. */
export function showBroker(broker: Broker, server: AmqpServer): void {
  state.from(() => {
    const pending = broker.publisher.pending;
    return {
      connected: [
        [{ connection: 'publish' }, broker.publisher.isReady ? 1 : 0],
        [{ connection: 'consume' }, broker.consuming.model ? 1 : 0],
      ],
      blocked: broker.publishing.isBlocked ? 1 : 0,
      pending: pending.messages,
      pendingLimit: publishLimit.messages,
      pendingBytes: pending.bytes,
      pendingBytesLimit: publishLimit.bytes,
      inHand: server.consumers.map(({ name, inHand }) => [{ [queue]: name }, inHand] as const),
      inHandLimit: server.consumers.map(({ name, prefetch }) => [{ [queue]: name }, prefetch] as const),
    };
  });
  queues.from(async () => ({
    ready: (await broker.readyMessages()).map(([name, count]) => [{ [queue]: name }, count] as const),
  }));
}
