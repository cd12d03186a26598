import { create, exchange, MessageParked, type QueueDefinition } from '#libs/contracts';
import type { Message, MessageProperties, Options } from 'amqplib';
import { encode } from './codec.js';
import { parkedQueueOf } from './declare-topology.js';
import { isMarkedTransient } from './errors.js';
import type { Publisher } from './publisher.js';
import type { Incoming } from './queue-consumer.js';

const parkDeadlineMs = 10_000;
const announceDeadlineMs = 5000;
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

/** Moves a message, as it came, to its queue's parked queue, tells of it, and only then acks it. */
export class Parking {
  constructor(
    private readonly publisher: Publisher,
    private readonly onUnannounced: (queue: string, error: unknown) => void,
  ) {}

  async park(definition: QueueDefinition, incoming: Incoming, reason: string): Promise<void> {
    const { fields, properties, content } = incoming.message;
    const parked = announcementOf(definition, incoming, reason);
    const why = {
      [parkedHeader.reason]: parked.reason,
      [parkedHeader.at]: parked.at,
      [parkedHeader.queue]: parked.queue,
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
    // One that cannot be told of is parked all the same. And what tells of it does not tell of itself.
    if (definition.message !== MessageParked)
      await this.#announce(parked).catch((error: unknown) => this.onUnannounced(parked.queue, error));
    incoming.ack();
  }

  #announce(parked: MessageParked): Promise<void> {
    const { routingKey, body, options } = encode(parked);
    return this.publisher.publish({ exchange, routingKey, body, options }, announceDeadlineMs);
  }
}

function announcementOf(definition: QueueDefinition, incoming: Incoming, reason: string): MessageParked {
  const tenantId = tenantOf(definition, incoming.message);
  return create(MessageParked, {
    queue: incoming.queue,
    reason: reason.slice(0, maxReasonLength),
    at: new Date().toISOString(),
    ...(tenantId !== undefined && { tenantId }),
  });
}

/** Read as far as it can be: what is parked may be anything. */
function tenantOf({ message: { encoding } }: QueueDefinition, message: Message): string | undefined {
  if (encoding === 'foreign') return undefined;
  try {
    const fields: unknown =
      encoding === 'headers' ? message.properties.headers : JSON.parse(message.content.toString());
    const { tenantId } = fields as { tenantId?: unknown };
    return typeof tenantId === 'string' ? tenantId : undefined;
  } catch {
    return undefined;
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
