import { isProblem, Problem } from '#libs/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from './authenticator.js';
import { setCaller } from './caller-of-request.js';
import { hasEmptyId, KnownRoutes } from './known-routes.js';

/** On every answer. The API shows nothing in a browser, so a browser may do nothing with what it answers. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * What is refused before anything else happens: bodies of callers without a key, which are not read, and
 * verbs that a path does not have.
 */
export function harden(app: NestFastifyApplication): void {
  const authenticator = app.get(Authenticator);
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new KnownRoutes();
  fastify.addHook('onRoute', ({ method, url }) => routes.add(method, url));
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'x-request-id': request.id, ...securityHeaders });
    const { url: pattern } = request.routeOptions;
    if (request.is404 || hasEmptyId(request.params)) return answerUnknown(routes, request, reply);
    if (pattern !== undefined && routes.hasRival(pattern))
      checkVerb(routes.verbsOf(request.url), request, reply);
    if (!hasBody(request)) return undefined;
    const caller = authenticator.authenticate(request.headers.authorization);
    if (isProblem(caller)) throw caller;
    setCaller(request, caller);
    return undefined;
  });
}

function answerUnknown(
  routes: KnownRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const verbs = routes.verbsOf(request.url);
  if (verbs.length === 0) throw new Problem('not_found', whatIsThere(routes.withoutSlashes(request.url)));
  if (request.method === 'OPTIONS') return allow(verbs, reply).status(204).send();
  checkVerb(verbs, request, reply);
  return undefined;
}

function whatIsThere(address: string | undefined): string {
  const nothing = 'There is nothing at this address.';
  return address === undefined ? nothing : `${nothing} Without the surplus slashes there is: ${address}`;
}

/** @throws Problem `method_not_allowed` */
function checkVerb(verbs: readonly string[], { method }: FastifyRequest, reply: FastifyReply): void {
  if (verbs.includes(method)) return;
  allow(verbs, reply);
  throw new Problem('method_not_allowed', `This address answers ${verbs.join(', ')}.`);
}

function allow(verbs: readonly string[], reply: FastifyReply): FastifyReply {
  return reply.header('allow', [...verbs, 'OPTIONS'].join(', '));
}

/** Whether a body follows: no bytes are no body. */
export function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
