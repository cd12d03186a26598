import { gauge, histogram, workBuckets } from '#libs/observability';
import type { Fastify } from './fastify.js';

const durations = histogram(
  {
    name: 'http_server_request_duration_seconds',
    help: 'How long the API took to answer, by route, method and status. http_route is empty where no route matched.',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  },
  workBuckets,
);

const active = gauge({
  name: 'http_server_active_requests',
  help: 'Requests to the API that are being answered.',
});

/** Anybody can send a method of their own making. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts and times every request, also those that no route takes. */
export function measureRequests(fastify: Fastify): void {
  fastify.addHook('onRequest', async (request, reply) => {
    active.inc();
    // Also when the client has gone before its answer.
    reply.raw.once('close', () => {
      active.dec();
      durations.observe(
        {
          http_request_method: methods.has(request.method) ? request.method : '_OTHER',
          http_route: request.routeOptions.url ?? '',
          http_response_status_code: String(reply.statusCode),
        },
        reply.elapsedTime / 1000,
      );
    });
  });
}
