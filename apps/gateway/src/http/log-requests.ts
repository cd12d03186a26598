import { publicTenantId } from '#libs/contracts';
import type { Log } from '#libs/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessLog } from '../gateway.config.js';
import { callerOf } from './caller-of-request.js';
import { isHealth } from './is-health.js';
import { traceIdOf } from './trace-requests.js';
import type { Fastify } from './fastify.js';
import { pathOf } from './path-of.js';

const maxPathLength = 1024;

/** One line for each request, once it is answered or its caller has gone. Of what it carried only the path is told. */
export function logRequests(fastify: Fastify, log: Log, accessLog: AccessLog): void {
  if (accessLog === 'off') return;
  fastify.addHook('onRequest', async (request, reply) => {
    if (isHealth(request) && accessLog !== 'all') return;
    reply.raw.once('close', () => {
      const isAnswered = reply.raw.writableFinished;
      if (accessLog === 'failed' && isAnswered && reply.statusCode < 400) return;
      if (isAnswered) log.info('request.answered', { ...fieldsOf(request, reply), ...answerOf(reply) });
      else log.info('request.abandoned', fieldsOf(request, reply));
    });
  });
}

function fieldsOf(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
  const { tenantId } = (request.params ?? {}) as { tenantId?: unknown };
  return {
    requestId: request.id,
    requestMethod: request.method,
    path: pathOf(request.url).slice(0, maxPathLength),
    route: request.routeOptions.url,
    durationMs: reply.elapsedTime,
    tenantId: typeof tenantId === 'string' ? publicTenantId(tenantId) : undefined,
    keyId: callerOf(request)?.keyId,
    traceId: traceIdOf(request),
  };
}

function answerOf({ statusCode }: FastifyReply): Record<string, unknown> {
  return { statusCode, outcome: statusCode < 500 ? 'success' : 'failure' };
}
