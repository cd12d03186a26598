import { randomUUID } from 'node:crypto';
import { isWorkQueue, type QueueDefinition, type WorkQueue } from '#libs/contracts';
import type { LoggerService } from '@nestjs/common';
import type { Channel, ChannelModel } from 'amqplib';
import { Batcher } from './batcher.js';
import { BroadcastProcessor } from './broadcast-processor.js';
import type { Broker } from './broker.js';
import { isBundled, partsInHand } from './bundle.js';
import { type BrokerQueue, brokerQueues } from './topology-plan.js';
import { messageOf } from './errors.js';
import { countDropped, countParked } from './handler-metrics.js';
import type { HandlerOptions } from './handlers.js';
import type { Outcome } from './outcome.js';
import { Parking } from './parking.js';
import { asItCame } from './put-back.js';
import { type Incoming, QueueConsumer } from './queue-consumer.js';
import { QueueLog } from './queue-log.js';
import { RequestProcessor } from './request-processor.js';
import { SecondLooks } from './second-looks.js';
import { WorkProcessor } from './work-processor.js';

export const defaults = { concurrency: 20, timeoutMs: 60_000 };

export interface ConsumeOptions {
  readonly definition: QueueDefinition;
  readonly options: HandlerOptions;
  readonly broker: Broker;
  readonly logger: LoggerService;
  readonly stopping: AbortSignal;
  readonly call: (messages: object[], incoming: readonly Incoming[]) => Promise<unknown>;
}

/** Puts a handler to work on a queue, or on each of its partitions. */
export function consumeQueue(consuming: ConsumeOptions): QueueConsumer[] {
  const { definition, options, broker, logger } = consuming;
  const { batchSize, concurrency = defaults.concurrency } = options;
  return brokerQueues(definition).map(
    (queue) =>
      new QueueConsumer({
        name: queue.name,
        connection: broker.consuming,
        // A second batch is at hand while the first is worked on.
        prefetch: batchSize === undefined ? concurrency : 2 * batchSize,
        prepare: (channel, model) => prepare(broker, queue, { channel, model }),
        onMessage: receiver(consuming),
        onTrouble: (error) => logger.warn(`${queue.name} is not consumed: ${messageOf(error)}`),
      }),
  );
}

function receiver(consuming: ConsumeOptions): (incoming: Incoming) => void {
  const { definition } = consuming;
  if (isWorkQueue(definition)) return working({ ...consuming, definition });
  return definition.kind === 'request' ? answering(consuming) : broadcasting(consuming);
}

function broadcasting({ definition, options, logger, call }: ConsumeOptions): (incoming: Incoming) => void {
  const lines = new QueueLog(logger);
  const processor = new BroadcastProcessor({
    definition,
    handler: (message, incoming) => call([message], [incoming]),
    onDropped: (error) => {
      countDropped(definition.name);
      lines.warn('broadcast.dropped', definition.name, { reason: messageOf(error) });
    },
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
  });
  return (incoming) => void processor.process(incoming);
}

function answering({ definition, broker, logger, call }: ConsumeOptions): (incoming: Incoming) => void {
  const processor = new RequestProcessor({
    definition,
    handler: (request, incoming) => call([request], [incoming]),
    publisher: broker.publisher,
    onFailure: (request, error) =>
      logger.error({ message: 'request.failed', request, error: messageOf(error) }),
  });
  return (incoming) => void processor.process(incoming).catch((error: unknown) => logger.error(error));
}

function working(
  consuming: ConsumeOptions & { readonly definition: WorkQueue },
): (incoming: Incoming) => void {
  const { definition, options, broker, logger, call } = consuming;
  const lines = new QueueLog(logger);
  const processor = new WorkProcessor({
    definition,
    handler: async (messages, incoming) => outcomes(await call(messages, incoming), options.batchSize),
    parking: new Parking(broker.publisher, (queue, error) =>
      lines.warn('message.unannounced', queue, { reason: messageOf(error) }),
    ),
    log: {
      parked: (queue, reason) => {
        countParked(definition.name);
        lines.error('message.parked', queue, { reason });
      },
      waiting: (queue, error, retryInMs) =>
        lines.warn('message.waiting', queue, { reason: messageOf(error), retryInMs }),
    },
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    stopping: consuming.stopping,
  });
  const work = (batch: Incoming[]): Promise<void> =>
    processor.process(batch).catch((error: unknown) => logger.error(error));
  const secondLooks = new SecondLooks({
    alone: (incoming) => work([incoming]),
    others: inOrder(options, work),
  });
  const bundled = isBundled(definition.message);
  return (incoming) => {
    const original = asItCame(incoming);
    for (const part of partsInHand(original, { bundled })) secondLooks.receive(part, original.isSecondLook);
  };
}

/** Singly as they come, or gathered into batches. */
function inOrder(
  { batchSize, batchWaitMs = 0, batchAgeMs }: HandlerOptions,
  work: (batch: Incoming[]) => Promise<void>,
): (incoming: Incoming) => void {
  if (batchSize === undefined) return (incoming) => void work([incoming]);
  const batcher = new Batcher<Incoming>({
    size: batchSize,
    waitMs: batchWaitMs,
    ageMs: batchAgeMs,
    ownerOf: tenantOf,
    work,
  });
  return (incoming) => batcher.push(incoming);
}

/** Of a message whose fields are headers. */
function tenantOf({ message }: Incoming): string | undefined {
  const tenantId: unknown = message.properties.headers?.['tenantId'];
  return typeof tenantId === 'string' ? tenantId : undefined;
}

function outcomes(result: unknown, batchSize: number | undefined): readonly Outcome[] | undefined {
  if (result === undefined || result === null) return undefined;
  return batchSize === undefined ? [result as Outcome] : (result as readonly Outcome[]);
}

/** Declares again what may have been deleted behind our back. A broadcast queue lives and dies with its channel. */
async function prepare(
  broker: Broker,
  queue: BrokerQueue,
  { channel, model }: { channel: Channel; model: ChannelModel },
): Promise<string> {
  if (queue.definition.kind !== 'broadcast') {
    await channel.checkQueue(queue.name).catch(() => broker.declare(model));
    return queue.name;
  }
  const name = `${queue.name}.${randomUUID()}`;
  await channel.assertQueue(name, { exclusive: true, autoDelete: true });
  await channel.bindQueue(name, queue.definition.exchange, queue.routingKey);
  return name;
}
