import type { FastifyRequest } from 'fastify';

/** Whether a balancer asks, every few seconds, and not a caller. */
export function isHealth({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return routeOptions.url?.startsWith('/health/') === true;
}
