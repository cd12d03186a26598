import {
  create,
  exchange,
  MessageParked,
  type QueueDefinition,
  queueExchange,
  type WorkQueue,
} from '#libs/contracts';
import type { Message, Options } from 'amqplib';
import { encode } from './codec.js';
import { parkedQueueOf } from './topology-plan.js';
import { isMarkedTransient } from './errors.js';
import { optionsOfCopy } from './parked-copy.js';
import type { Publisher } from './publisher.js';
import type { Incoming } from './queue-consumer.js';

const parkDeadlineMs = 10_000;
const announceDeadlineMs = 5000;
const maxReasonLength = 2000;

/** Moves a message, as it came, to its queue's parked queue, tells of it, and only then acks it. */
export class Parking {
  constructor(
    private readonly publisher: Publisher,
    private readonly onUnannounced: (queue: string, error: unknown) => void,
  ) {}

  /** `id` tells this copy from every other; the same one for each try at parking a message. */
  async park(definition: WorkQueue, incoming: Incoming, reason: string, id: string): Promise<void> {
    const { message, queue } = incoming;
    const { whole, withoutItsOwn } = optionsOfCopy(message, { id, reason, queue });
    const write = (options: Options.Publish): Promise<void> =>
      this.publisher.publish(
        { exchange: queueExchange, routingKey: parkedQueueOf(definition), body: message.content, options },
        parkDeadlineMs,
      );
    try {
      await write(whole);
    } catch (error) {
      if (isMarkedTransient(error)) throw error;
      // Properties that a foreign client could write and ours cannot: the body and the reason are kept.
      await write(withoutItsOwn);
    }
    // One that cannot be told of is parked all the same. And what tells of it does not tell of itself.
    if (definition.message !== MessageParked)
      await this.#announce(announcementOf(definition, incoming, reason)).catch((error: unknown) =>
        this.onUnannounced(queue, error),
      );
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
