import { Problem } from '#libs/contracts';
import type { GatewayConfig } from '../gateway.config.js';
import type { Fastify } from './fastify.js';
import { hasBody } from './harden.js';

/** Room for what an event has beside its data. */
const envelopeBytes = 16 * 1024;
/** The routes that take events. */
const publishing = /\/events(\/batch)?$/;
const mergePatch = /^application\/merge-patch\+json\s*(;|$)/i;

/**
 * Bodies stay bytes, whatever they are. Events may be of any content type, everything else is JSON, and a PATCH may
 * say which kind; nothing is unpacked: what a few bytes become is not known before.
 */
export function takeBodies(fastify: Fastify, config: GatewayConfig): void {
  const ordinary = config.MAX_PAYLOAD_BYTES + envelopeBytes;
  fastify.addHook('onRoute', (route) => {
    const takesEvents = route.method === 'POST' && publishing.test(route.url);
    route.bodyLimit = takesEvents ? Math.max(ordinary, config.MAX_BATCH_BYTES) : ordinary;
  });
  fastify.addHook('onRequest', async (request) => {
    const { headers, routeOptions } = request;
    if (!hasBody(request)) {
      // No bytes are no body, whatever they are said to be; an event without data has a content type all the same.
      if (!publishing.test(routeOptions.url ?? '')) delete headers['content-type'];
      return;
    }
    const { 'content-encoding': encoding = 'identity' } = headers;
    if (encoding.toLowerCase() !== 'identity') throw unsupported();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  fastify.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    ({ routeOptions, method, headers }, body, done) => {
      const isPatch = method === 'PATCH' && mergePatch.test(headers['content-type'] ?? '');
      if (body.length === 0 || isPatch || publishing.test(routeOptions.url ?? '')) done(null, body);
      else done(unsupported());
    },
  );
}

function unsupported(): Problem {
  return new Problem(
    'unsupported_media_type',
    'Send a body with "content-type: application/json", not compressed.',
  );
}
