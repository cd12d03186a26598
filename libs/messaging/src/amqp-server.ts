import type { QueueDefinition } from '#libs/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Broker } from './broker.js';
import { checkHandlers } from './check-handlers.js';
import { consumeQueue } from './consume-queue.js';
import { BrokerUnavailableError } from './errors.js';
import type { HandlerOptions } from './handlers.js';
import { MessageContext } from './message-context.js';
import type { Incoming, QueueConsumer } from './queue-consumer.js';
import { withinDeadline } from './within-deadline.js';

/** Nest's server side over our broker: finds each queue's handler, and feeds it. */
export class AmqpServer extends Server implements CustomTransportStrategy {
  readonly #stopping = new AbortController();
  #consumers: QueueConsumer[] = [];

  constructor(
    private readonly broker: Broker,
    private readonly drainDeadlineMs = 25_000,
  ) {
    super();
  }

  get isReady(): boolean {
    return this.#consumers.length > 0 && this.#consumers.every((consumer) => consumer.isConsuming);
  }

  listen(callback: (error?: unknown) => void): void {
    this.#listen().then(() => callback(), callback);
  }

  /** Takes no more messages, finishes those in hand within the drain deadline; the broker gives the rest to others. */
  async close(): Promise<void> {
    const { promise: expired, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.drainDeadlineMs);
    await Promise.all(this.#consumers.map((consumer) => consumer.cancel()));
    this.#stopping.abort();
    await Promise.race([Promise.all(this.#consumers.map((consumer) => consumer.drained())), expired]);
    clearTimeout(timer);
  }

  override on(): void {}

  override unwrap<T>(): T {
    return this.broker as T;
  }

  async #listen(): Promise<void> {
    const queues = this.broker.ownQueues;
    checkHandlers(this.broker.app, queues, this.messageHandlers.keys());
    await this.broker.open();
    this.#consumers = queues.flatMap((definition) => this.#consume(definition));
    await withinDeadline(
      Promise.all(this.#consumers.map((consumer) => consumer.started)),
      this.broker.startTimeoutMs,
      () => new BrokerUnavailableError(`RabbitMQ did not let us consume from ${this.#idleQueues()} in time.`),
    );
  }

  #idleQueues(): string {
    const idle = this.#consumers.filter((consumer) => !consumer.isConsuming);
    return idle.map(({ name }) => name).join(', ');
  }

  #consume(definition: QueueDefinition): QueueConsumer[] {
    const handler = this.messageHandlers.get(definition.message.type) as MessageHandler;
    const options = (handler.extras ?? {}) as HandlerOptions;
    return consumeQueue({
      definition,
      options,
      broker: this.broker,
      logger: this.logger,
      stopping: this.#stopping.signal,
      call: (messages, incoming) =>
        invoke(handler, options.batchSize === undefined ? messages[0] : messages, incoming),
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
