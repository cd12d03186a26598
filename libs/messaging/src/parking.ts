import type { QueueDefinition } from '#libs/contracts';
import type { Options } from 'amqplib';
import { parkedQueueOf } from './declare-topology.js';
import { isMarkedTransient } from './errors.js';
import { optionsOfCopy } from './parked-copy.js';
import type { Publisher } from './publisher.js';
import type { Incoming } from './queue-consumer.js';

const parkDeadlineMs = 10_000;

/** Moves a message, as it came, to its queue's parked queue, and only then acks it. */
export class Parking {
  constructor(private readonly publisher: Publisher) {}

  /** `id` tells this copy from every other; the same one for each try at parking a message. */
  async park(definition: QueueDefinition, incoming: Incoming, reason: string, id: string): Promise<void> {
    const { message, queue } = incoming;
    const { whole, withoutItsOwn } = optionsOfCopy(message, { id, reason, queue });
    const write = (options: Options.Publish): Promise<void> =>
      this.publisher.publish(
        { exchange: '', routingKey: parkedQueueOf(definition), body: message.content, options },
        parkDeadlineMs,
      );
    try {
      await write(whole);
    } catch (error) {
      if (isMarkedTransient(error)) throw error;
      // Properties that a foreign client could write and ours cannot: the body and the reason are kept.
      await write(withoutItsOwn);
    }
    incoming.ack();
  }
}
