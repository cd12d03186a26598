import { isProblem, Problem, type ProblemCode, problemDocument, problemStatus } from '#libs/contracts';
import { isMarkedTransient, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** When to ask again, where nobody knows better. */
export const retryAfterS = 2;

/** A caller who repeats at once what a limit has refused would cost as much as one who is not limited. */
const refusalPauseMs = 1000;

/** Every error leaves as application/problem+json (RFC 9457), and none tells of our inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    // Of a message handler: the transport has to see what was thrown.
    if (host.getType() === 'rpc') throw error;
    const http = host.switchToHttp();
    const problem = asProblem(error);
    const send = (): unknown =>
      this.#send({ problem, error }, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    if (problem.status !== 429) return send();
    setTimeout(() => void send(), refusalPauseMs);
    return undefined;
  }

  #send(
    { problem, error }: { readonly problem: Problem; readonly error: unknown },
    request: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply {
    if (problem.status === 500) {
      const { stack } = error as { stack?: unknown };
      this.log.error('request.failed', { requestId: request.id, reason: messageOf(error), stack });
    }
    if ((problem.status === 503 || problem.status === 429) && !reply.hasHeader('retry-after'))
      void reply.header('retry-after', String(retryAfterS));
    // Fastify would close the connection of a body that it refuses. Closed with bytes unread it is reset, and the caller
    // may never see why. So Node.js reads on and drops what comes, for as long as a request may take.
    if (problem.status === 413 || problem.status === 415) reply.removeHeader('connection');
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    return (
      reply
        .status(problem.status)
        .header('content-type', 'application/problem+json')
        // As bytes: to a text Fastify adds a charset, which this media type does not have.
        .send(Buffer.from(JSON.stringify(problemDocument(problem, request.id))))
    );
  }
}

function asProblem(error: unknown): Problem {
  if (isProblem(error)) return new Problem(error.code, error.detail, error.errors);
  if (isMarkedTransient(error))
    return new Problem('unavailable', 'Something that this needs is away for a moment.');
  const status = statusOf(error);
  const code = (Object.keys(problemStatus) as ProblemCode[]).find(
    (known) => details[known] && problemStatus[known] === status,
  );
  if (code) return new Problem(code, details[code] ?? '');
  return new Problem(
    'internal_error',
    'Something failed that should not. The log says what, under the requestId.',
  );
}

/** What the HTTP layer itself refuses. */
const details: Partial<Record<ProblemCode, string>> = {
  invalid_json: 'The request could not be read.',
  not_found: 'There is nothing at this address.',
  payload_too_large: 'The body is too large.',
  unsupported_media_type: 'Send a body with "content-type: application/json", not compressed.',
};

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  return [status, statusCode].find((value) => typeof value === 'number');
}
