import type { QueueDefinition } from '#libs/contracts';
import type { MessageProperties, Options } from 'amqplib';
import { parkedQueueOf } from './declare-topology.js';
import { isMarkedTransient } from './errors.js';
import type { Publisher } from './publisher.js';
import type { Incoming } from './queue-consumer.js';

const parkDeadlineMs = 10_000;
const maxReasonLength = 2000;

/** Why and whence a message was parked: AMQP headers, beside the message's own. */
export const parkedHeader = {
  reason: 'x-parked-reason',
  at: 'x-parked-at',
  queue: 'x-parked-queue',
  exchange: 'x-parked-exchange',
  routingKey: 'x-parked-routing-key',
  headersDropped: 'x-parked-headers-dropped',
} as const;

/** Moves a message, as it came, to its queue's parked queue, and only then acks it. */
export class Parking {
  constructor(private readonly publisher: Publisher) {}

  async park(definition: QueueDefinition, incoming: Incoming, reason: string): Promise<void> {
    const { fields, properties, content } = incoming.message;
    const why = {
      [parkedHeader.reason]: reason.slice(0, maxReasonLength),
      [parkedHeader.at]: new Date().toISOString(),
      [parkedHeader.queue]: incoming.queue,
      [parkedHeader.exchange]: fields.exchange,
      [parkedHeader.routingKey]: fields.routingKey,
    };
    const write = (headers: object): Promise<void> =>
      this.publisher.publish(
        {
          exchange: '',
          routingKey: parkedQueueOf(definition),
          body: content,
          options: { ...textsOf(properties), headers },
        },
        parkDeadlineMs,
      );
    try {
      await write({ ...properties.headers, ...why });
    } catch (error) {
      if (isMarkedTransient(error)) throw error;
      // Headers that a foreign client could write and ours cannot: the body and the reason are kept.
      await write({ ...why, [parkedHeader.headersDropped]: true });
    }
    incoming.ack();
  }
}

/** The publisher's own message id goes on as the correlation id: ours takes its place. */
function textsOf({ contentType, type, messageId }: MessageProperties): Options.Publish {
  return {
    ...(typeof contentType === 'string' && { contentType }),
    ...(typeof type === 'string' && { type }),
    ...(typeof messageId === 'string' && { correlationId: messageId }),
  };
}
