import { randomUUID } from 'node:crypto';
import { exchange, isProblem, Problem, queueExchange } from '#libs/contracts';
import { Logger } from '@nestjs/common';
import type { BrokerConnection } from './broker-connection.js';
import { encode } from './codec.js';
import type { Publisher } from './publisher.js';
import { type Incoming, QueueConsumer } from './queue-consumer.js';
import { QueueLog } from './queue-log.js';
import { decodeReply, type Reply } from './reply.js';
import { anyReplyKey, newReplyQueue, responderOf } from './reply-queue.js';
import { beginSend, ending } from './trace-sending.js';

interface Asked {
  readonly responder: string;
  readonly settle: (reply: Reply) => void;
  readonly timer: NodeJS.Timeout;
}

/** Request and reply over the broker, through one reply queue of this process, gone with its connection. */
export class Requester {
  /** By correlation id, which is random: only the service that receives the request can name it. */
  readonly #asked = new Map<string, Asked>();
  readonly #replies: QueueConsumer;
  readonly #lines = new QueueLog(new Logger(Requester.name));
  #replyQueue: string | undefined;

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
        await channel.bindQueue(queue, queueExchange, anyReplyKey(queue));
        return (this.#replyQueue = queue);
      },
      onMessage: (incoming) => {
        this.#receive(incoming);
        incoming.ack();
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
    const correlationId = randomUUID();
    const encoded = encode(request);
    const span = beginSend(request, encoded);
    const { routingKey, body, options } = encoded;
    const responder = routingKey.split('.')[0] ?? '';
    const answered = new Promise<Reply>((resolve) => {
      const late = unavailable(`${responder} did not answer within ${deadlineMs / 1000} s.`);
      const timer = setTimeout(() => this.#settle(correlationId, late), deadlineMs);
      this.#asked.set(correlationId, { responder, settle: resolve, timer });
    });
    const published = this.publisher.publish(
      {
        exchange,
        routingKey,
        body,
        // RabbitMQ takes whole milliseconds, and closes the channel at a fraction.
        options: { ...options, correlationId, replyTo, expiration: Math.ceil(deadlineMs), persistent: false },
      },
      deadlineMs,
    );
    ending(span, published).catch(() =>
      this.#settle(correlationId, unavailable('The request could not be sent.')),
    );
    return resultOf(await answered);
  }

  /** Only the service that was asked can answer. What is not its answer is dropped: the request has its deadline. */
  #receive({ queue, message }: Incoming): void {
    const { correlationId } = message.properties as { correlationId?: unknown };
    const asked = this.#asked.get(String(correlationId));
    if (!asked) return; // Answered too late: whoever asked has gone.
    const responder = responderOf(queue, message);
    if (responder !== asked.responder)
      return this.#lines.warn('reply.dropped', queue, {
        reason: `${responder ?? 'Another service'} answered what ${asked.responder} was asked`,
      });
    const reply = decodeReply(message.content);
    if (reply === undefined)
      this.#lines.warn('reply.unreadable', queue, { reason: `${responder} wrote no reply` });
    this.#settle(
      String(correlationId),
      reply ?? unavailable(`The answer of ${responder} could not be read.`),
    );
  }

  #settle(correlationId: string, reply: Reply): void {
    const asked = this.#asked.get(correlationId);
    if (!asked) return;
    this.#asked.delete(correlationId);
    clearTimeout(asked.timer);
    asked.settle(reply);
  }
}

function resultOf(reply: Reply): unknown {
  if (!('problem' in reply)) return reply.result;
  const { code, detail, errors } = reply.problem;
  const problem = new Problem(code, detail, errors);
  // A code of a newer version has no status here.
  throw isProblem(problem) ? problem : new Problem('internal_error', detail);
}

function unavailable(detail: string): Reply {
  return { problem: { code: 'unavailable', detail } };
}
