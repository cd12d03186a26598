import { type TracedSpan, tracing } from '#libs/observability';
import type { FastifyRequest } from 'fastify';
import { isHealth } from './is-health.js';
import type { Fastify } from './fastify.js';
import { pathOf } from './path-of.js';

const spans = new WeakMap<FastifyRequest, TracedSpan>();

/**
 * A span for every request but those that ask for health: it goes on in the caller's trace, if the request names one,
 * and else begins one. Does nothing while traces are off.
 */
export function traceRequests(fastify: Fastify): void {
  const live = tracing();
  if (!live) return;
  fastify.addHook('onRequest', async (request, reply) => {
    if (isHealth(request)) return;
    const span = live.begin({
      name: [request.method, request.routeOptions.url].filter(Boolean).join(' '),
      kind: 'server',
      parent: live.read(request.headers),
      attributes: attributesOf(request),
    });
    spans.set(request, span);
    // Also when the client has gone before its answer.
    reply.raw.once('close', () => {
      span.add({ 'http.response.status_code': reply.statusCode });
      span.end(reply.statusCode >= 500 ? String(reply.statusCode) : undefined);
    });
  });
  // No earlier: the end of a body is heard as part of its connection, and not of what was current when it began.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) live.within(span.context, done);
    else done();
  });
}

/** Of our span, or while traces are off of the caller's: its own log says the same. */
export function traceIdOf(request: FastifyRequest): string | undefined {
  const { traceparent } = request.headers;
  const ofCaller = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(?:$|-)/;
  return (
    spans.get(request)?.context.traceId ??
    (typeof traceparent === 'string' ? ofCaller.exec(traceparent)?.[1] : undefined)
  );
}

function attributesOf(request: FastifyRequest): Record<string, string> {
  const { method, protocol, url, routeOptions, id } = request;
  return {
    'http.request.method': method,
    'url.scheme': protocol,
    'url.path': pathOf(url),
    ...(routeOptions.url !== undefined && { 'http.route': routeOptions.url }),
    'posthorn.request_id': id,
  };
}
