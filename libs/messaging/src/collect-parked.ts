import { Collector } from './collector.js';
import { type ConsumeOptions, defaults } from './consume-queue.js';
import { parkedQueues } from './declare-topology.js';
import { messageOf } from './errors.js';
import { QueueConsumer } from './queue-consumer.js';

/** Puts a handler to work on every parked queue of the topology. */
export function collectParked(consuming: ConsumeOptions): QueueConsumer[] {
  const { options, broker, logger, stopping, call } = consuming;
  const { concurrency = defaults.concurrency, timeoutMs = defaults.timeoutMs } = options;
  return parkedQueues(broker.topology).map((from) => {
    const collector = new Collector({
      from,
      handler: (parked, incoming) => call([parked], [incoming]),
      publisher: broker.publisher,
      log: {
        lookedAtAgain: (queue, { reason }) =>
          logger.warn({ message: 'message.looked-at-again', queue, reason }),
        waiting: (queue, error, retryInMs) =>
          logger.warn({ message: 'message.waiting', queue, reason: messageOf(error), retryInMs }),
      },
      timeoutMs,
      stopping,
    });
    return new QueueConsumer({
      name: from.name,
      connection: broker.consuming,
      prefetch: concurrency,
      prepare: async (channel, model) => {
        await channel.checkQueue(from.name).catch(() => broker.declare(model));
        return from.name;
      },
      onMessage: (incoming) => void collector.process(incoming),
      onTrouble: (error) => logger.warn(`${from.name} is not consumed: ${messageOf(error)}`),
    });
  });
}
