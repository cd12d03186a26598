import { setTimeout as delay } from 'node:timers/promises';
import type { QueueDefinition } from '#libs/contracts';
import { tracing } from '#libs/observability';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Broker } from './broker.js';
import { checkHandlers } from './check-handlers.js';
import { collectParked } from './collect-parked.js';
import { consumeQueue } from './consume-queue.js';
import { BrokerUnavailableError } from './errors.js';
import { measured, showQueue } from './handler-metrics.js';
import type { HandlerOptions } from './handlers.js';
import { MessageContext } from './message-context.js';
import type { Incoming, QueueConsumer } from './queue-consumer.js';
import { traced } from './trace-handling.js';
import { withinDeadline } from './within-deadline.js';

const emptyPollMs = 50;
/** A broker that does not answer by then is away: nothing more comes from it. */
const cancelDeadlineMs = 3000;

/** Nest's server side over our broker: finds each queue's handler, and feeds it. */
export class AmqpServer extends Server implements CustomTransportStrategy {
  readonly #stopping = new AbortController();
  readonly #consumers: QueueConsumer[] = [];
  #listening = false;
  #closed: Promise<void> | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly drainDeadlineMs = 25_000,
  ) {
    super();
  }

  get isReady(): boolean {
    return this.#listening && this.#consumers.every((consumer) => consumer.isConsuming);
  }

  listen(callback: (error?: unknown) => void): void {
    this.#listen().then(() => callback(), callback);
  }

  /** The queues of which messages are being worked on. */
  get inHand(): string[] {
    return this.#consumers.filter(({ inHand }) => inHand > 0).map(({ name }) => name);
  }

  /** Of each queue that is consumed: how many messages are in hand, and how many may be. */
  get consumers(): readonly Pick<QueueConsumer, 'name' | 'inHand' | 'prefetch'>[] {
    return this.#consumers;
  }

  /** Takes no more messages, finishes those in hand within the deadline; the broker gives the rest to others. */
  close(deadlineMs: number = this.drainDeadlineMs): Promise<void> {
    return (this.#closed ??= this.#drain(deadlineMs));
  }

  override on(): void {}

  override unwrap<T>(): T {
    return this.broker as T;
  }

  async #drain(deadlineMs: number): Promise<void> {
    const expired = delay(deadlineMs, undefined, { ref: false });
    const cancelled = Promise.all(this.#consumers.map((consumer) => consumer.cancel()));
    await Promise.race([cancelled, delay(Math.min(cancelDeadlineMs, deadlineMs), undefined, { ref: false })]);
    this.#stopping.abort();
    await Promise.race([Promise.all(this.#consumers.map((consumer) => consumer.drained())), expired]);
  }

  async #listen(): Promise<void> {
    const queues = this.broker.ownQueues;
    checkHandlers(this.broker.app, queues, this.messageHandlers.keys());
    await this.broker.open();
    await this.#begin(queues.filter(({ after }) => after === undefined));
    for (const definition of queues.filter(({ after }) => after !== undefined)) {
      await this.#ranEmpty(definition.after ?? '');
      if (this.#closed !== undefined) return;
      await this.#begin([definition]);
    }
    this.#listening = true;
  }

  async #begin(definitions: readonly QueueDefinition[]): Promise<void> {
    const consumers = definitions.flatMap((definition) => this.#consume(definition));
    this.#consumers.push(...consumers);
    await withinDeadline(
      Promise.all(consumers.map((consumer) => consumer.started)),
      this.broker.startTimeoutMs,
      () => new BrokerUnavailableError(`RabbitMQ did not let us consume from ${this.#idleQueues()} in time.`),
    );
  }

  /** Resolves when nothing is left in a queue, and nothing of it in hand. */
  async #ranEmpty(queue: string): Promise<void> {
    while (!this.#stopping.signal.aborted && !(await this.broker.isEmpty(queue))) await delay(emptyPollMs);
    await this.#consumers.find(({ name }) => name === queue)?.drained();
  }

  #idleQueues(): string {
    const idle = this.#consumers.filter((consumer) => !consumer.isConsuming);
    return idle.map(({ name }) => name).join(', ');
  }

  #consume(definition: QueueDefinition): QueueConsumer[] {
    const handler = this.messageHandlers.get(definition.message.type) as MessageHandler;
    const options = (handler.extras ?? {}) as HandlerOptions;
    const consume = definition.kind === 'collect' ? collectParked : consumeQueue;
    showQueue(definition.name);
    return consume({
      definition,
      options,
      broker: this.broker,
      logger: this.logger,
      stopping: this.#stopping.signal,
      call: (messages, incoming) =>
        measured(definition.name, messages.length, () => {
          const data = options.batchSize === undefined ? messages[0] : messages;
          if (!tracing()) return invoke(handler, data, incoming);
          return traced({ definition, messages, incoming }, () => invoke(handler, data, incoming));
        }),
    });
  }
}

async function invoke(
  handler: MessageHandler,
  data: unknown,
  incoming: readonly Incoming[],
): Promise<unknown> {
  const result: unknown = await handler(data, new MessageContext(incoming));
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}
