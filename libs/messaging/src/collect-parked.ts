import { partsInHand } from './bundle.js';
import { Collector } from './collector.js';
import { type ConsumeOptions, defaults } from './consume-queue.js';
import { type ParkedQueue, parkedQueues } from './topology-plan.js';
import { declareParkedQueue } from './declare-topology.js';
import { messageOf } from './errors.js';
import { QueueLog } from './queue-log.js';
import { type ConsumerOptions, QueueConsumer } from './queue-consumer.js';

const ownersTurnMs = 5000;

/** Puts a handler to work on every parked queue of the topology. */
export function collectParked(consuming: ConsumeOptions): QueueConsumer[] {
  const { options, broker, logger, stopping, call } = consuming;
  const { concurrency = defaults.concurrency, timeoutMs = defaults.timeoutMs } = options;
  const lines = new QueueLog(logger);
  return parkedQueues(broker.topology).map((from) => {
    const collector = new Collector({
      from,
      handler: (parked, incoming) => call([parked], [incoming]),
      publisher: broker.publisher,
      log: {
        lookedAtAgain: (queue, { reason }) => lines.warn('message.looked-at-again', queue, { reason }),
        waiting: (queue, error, retryInMs) =>
          lines.warn('message.waiting', queue, { reason: messageOf(error), retryInMs }),
      },
      timeoutMs,
      stopping,
    });
    return new QueueConsumer({
      name: from.name,
      connection: broker.consuming,
      prefetch: concurrency,
      prepare: preparing(from),
      onMessage: (incoming) => {
        for (const part of partsInHand(incoming, from)) void collector.process(part);
      },
      onTrouble: (error) => logger.warn(`${from.name} is not consumed: ${messageOf(error)}`),
    });
  });
}

/**
 * A parked queue is declared by the service whose work it belongs to, after that work's own queue. One that is deleted by
 * itself is missed by nobody there, so it is declared here, when it has been missing for a while.
 */
function preparing({ name }: ParkedQueue): ConsumerOptions['prepare'] {
  let missingSinceMs: number | undefined;
  return async (channel, model) => {
    try {
      await channel.checkQueue(name);
    } catch (error) {
      missingSinceMs ??= Date.now();
      if (Date.now() - missingSinceMs < ownersTurnMs) throw error;
      await declareParkedQueue(model, name);
    }
    missingSinceMs = undefined;
    return name;
  };
}
