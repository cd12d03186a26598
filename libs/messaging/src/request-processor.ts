import { isProblem, Problem, type QueueDefinition, queueExchange } from '#libs/contracts';
import { DecodeError, isMarkedTransient } from './errors.js';
import { encodeReply, type Reply } from './reply.js';
import type { Publisher } from './publisher.js';
import type { Incoming } from './queue-consumer.js';
import { readMessage } from './read-message.js';
import { isReplyQueue, replyKey } from './reply-queue.js';

/** Answers one request; always answers, also when it cannot. */
export class RequestProcessor {
  constructor(
    private readonly options: {
      readonly definition: QueueDefinition;
      readonly handler: (request: object, incoming: Incoming) => Promise<unknown>;
      readonly publisher: Publisher;
      readonly onFailure: (request: string, error: unknown) => void;
    },
  ) {}

  async process(incoming: Incoming): Promise<void> {
    try {
      this.#send(await this.#reply(incoming), incoming);
    } finally {
      incoming.ack();
    }
  }

  #send(reply: Reply, { message }: Incoming): void {
    const { replyTo, correlationId } = message.properties as { replyTo?: unknown; correlationId?: unknown };
    if (!isReplyQueue(replyTo) || typeof correlationId !== 'string') return;
    this.options.publisher.publishUnconfirmed({
      exchange: queueExchange,
      routingKey: replyKey(replyTo, appOf(this.options.definition.name)),
      body: encodeReply(reply),
      options: { correlationId, contentType: 'application/json' },
    });
  }

  async #reply(incoming: Incoming): Promise<Reply> {
    const { definition, handler, onFailure } = this.options;
    try {
      const request = readMessage(definition, incoming.message);
      return { result: (await handler(request, incoming)) ?? null };
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status >= 500) onFailure(definition.message.type, error);
      return {
        problem: {
          code: problem.code,
          detail: problem.detail,
          ...(problem.errors && { errors: problem.errors }),
        },
      };
    }
  }
}

function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  if (error instanceof DecodeError) {
    return new Problem(
      'validation_failed',
      'The request does not have the shape it must have.',
      error.faults,
    );
  }
  if (isMarkedTransient(error)) {
    return new Problem('unavailable', 'Something that this needs is away for a moment. Try again.');
  }
  return new Problem('internal_error', 'The request failed. The log of the service says why.');
}

/** Of a queue's name: `<app>.<handler>`. */
function appOf(queue: string): string {
  return queue.slice(0, queue.indexOf('.'));
}
