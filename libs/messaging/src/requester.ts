import { exchange, Problem, queueExchange } from '#libs/contracts';
import type { BrokerConnection } from './broker-connection.js';
import { encode } from './codec.js';
import type { Publisher } from './publisher.js';
import { QueueConsumer } from './queue-consumer.js';
import type { Reply } from './request-processor.js';
import { newReplyQueue } from './reply-queue.js';
import { beginSend, ending } from './trace-sending.js';

interface Asked {
  readonly settle: (reply: Reply) => void;
  readonly timer: NodeJS.Timeout;
}

/** Request and reply over the broker, through one reply queue of this process, gone with its connection. */
export class Requester {
  readonly #asked = new Map<string, Asked>();
  readonly #replies: QueueConsumer;
  #replyQueue: string | undefined;
  #sequence = 0;

  constructor(
    app: string,
    connection: BrokerConnection,
    private readonly publisher: Publisher,
  ) {
    this.#replies = new QueueConsumer({
      name: 'replies',
      connection,
      prefetch: 500,
      prepare: async (channel) => {
        const queue = newReplyQueue(app);
        await channel.assertQueue(queue, { exclusive: true, autoDelete: true });
        await channel.bindQueue(queue, queueExchange, queue);
        return (this.#replyQueue = queue);
      },
      onMessage: ({ message, ack }) => {
        this.#settle(
          String(message.properties.correlationId),
          JSON.parse(message.content.toString()) as Reply,
        );
        ack();
      },
      onTrouble: () => undefined,
    });
    connection.on('down', () => {
      this.#replyQueue = undefined;
      for (const id of this.#asked.keys()) this.#settle(id, unavailable('The message broker is away.'));
    });
  }

  get isReady(): boolean {
    return this.#replies.isConsuming;
  }

  /** Resolves when it can be answered for the first time. */
  get opened(): Promise<void> {
    return this.#replies.started;
  }

  /**
   * @throws Problem what the other side answered; `unavailable` if it did not answer within `deadlineMs`.
   */
  async ask(request: object, deadlineMs: number): Promise<unknown> {
    const replyTo = this.#replyQueue;
    if (replyTo === undefined) throw new Problem('unavailable', 'The message broker is away.');
    const correlationId = String(++this.#sequence);
    const encoded = encode(request);
    const span = beginSend(request, encoded);
    const { routingKey, body, options } = encoded;
    const answered = new Promise<Reply>((resolve) => {
      const late = unavailable(`${routingKey.split('.')[0]} did not answer within ${deadlineMs / 1000} s.`);
      const timer = setTimeout(() => this.#settle(correlationId, late), deadlineMs);
      this.#asked.set(correlationId, { settle: resolve, timer });
    });
    const published = this.publisher.publish(
      {
        exchange,
        routingKey,
        body,
        options: { ...options, correlationId, replyTo, expiration: deadlineMs, persistent: false },
      },
      deadlineMs,
    );
    ending(span, published).catch(() =>
      this.#settle(correlationId, unavailable('The request could not be sent.')),
    );
    const reply = await answered;
    if ('problem' in reply) throw new Problem(reply.problem.code, reply.problem.detail, reply.problem.errors);
    return reply.result;
  }

  #settle(correlationId: string, reply: Reply): void {
    const asked = this.#asked.get(correlationId);
    if (!asked) return; // Answered too late: whoever asked has gone.
    this.#asked.delete(correlationId);
    clearTimeout(asked.timer);
    asked.settle(reply);
  }
}

function unavailable(detail: string): Reply {
  return { problem: { code: 'unavailable', detail } };
}
