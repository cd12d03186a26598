import { problemDocument } from '#libs/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { securityHeaders } from './harden.js';

/** An address that cannot be decoded, or has a part longer than any id: Fastify finds out before any of our hooks. */
export function refuseAddress(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemDocument(
    { code: 'not_found', detail: 'There is nothing at this address.' },
    request.id,
  );
  void reply
    .status(problem.status)
    .headers({
      'x-request-id': request.id,
      ...securityHeaders,
      'content-type': 'application/problem+json',
    })
    .send(Buffer.from(JSON.stringify(problem)));
}
