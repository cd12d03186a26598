import { isProblem, Problem, type QueueDefinition, queueExchange } from '#libs/contracts';
import { DecodeError, isMarkedTransient } from './errors.js';
import type { Publisher } from './publisher.js';
import type { Incoming } from './queue-consumer.js';
import { readMessage } from './read-message.js';
import { isReplyQueue } from './reply-queue.js';

/** What travels back: a result, or the problem in its place. */
export type Reply =
  | { readonly result: unknown }
  | { readonly problem: Pick<Problem, 'code' | 'detail' | 'errors'> };

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
    const reply = await this.#reply(incoming);
    const { replyTo, correlationId } = incoming.message.properties;
    if (isReplyQueue(replyTo) && typeof correlationId === 'string') {
      this.options.publisher.publishUnconfirmed({
        exchange: queueExchange,
        routingKey: replyTo,
        body: Buffer.from(JSON.stringify(reply)),
        options: { correlationId, contentType: 'application/json' },
      });
    }
    incoming.ack();
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
