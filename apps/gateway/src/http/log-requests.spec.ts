import type { Log } from '#libs/observability';
import { fastify } from 'fastify';
import type { AccessLog } from '../gateway.config.js';
import { setCaller } from './caller-of-request.js';
import { logRequests } from './log-requests.js';

type Lines = [name: string, fields: Readonly<Record<string, unknown>>][];

const traceId = '0af7651916cd43dd8448eb211c80319c';

/** What is logged of these calls. */
async function linesOf(accessLog: AccessLog, ...urls: readonly string[]): Promise<Lines> {
  const lines: Lines = [];
  const log = { info: (...line: Lines[number]) => lines.push(line) };
  const app = fastify({ genReqId: () => 'req_1' });
  logRequests(app, log as unknown as Log, accessLog);
  app.get('/v1/tenants/:tenantId', async (request) => {
    setCaller(request, { keyId: 'key_1', scopes: [], tenantId: 't', expiresAtMs: undefined });
    return {};
  });
  app.get('/health/ready', async () => ({}));
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const base = await app.listen({ port: 0, host: '127.0.0.1' });
  for (const url of urls)
    await fetch(base + url, { headers: { authorization: 'Bearer canary', traceparent } });
  await app.close();
  return lines;
}

describe('a request in the log', () => {
  it('is one line, with nothing of what it carried but its path', async () => {
    expect(await linesOf('calls', '/v1/tenants/t?token=canary')).toEqual([
      [
        'request.answered',
        {
          requestId: 'req_1',
          requestMethod: 'GET',
          path: '/v1/tenants/t',
          route: '/v1/tenants/:tenantId',
          durationMs: expect.any(Number) as unknown,
          statusCode: 200,
          outcome: 'success',
          tenantId: 't',
          keyId: 'key_1',
          traceId,
        },
      ],
    ]);
  });

  it.each([
    ['all', ['/health/ready', '/v1/tenants/t', '/nowhere']],
    ['calls', ['/v1/tenants/t', '/nowhere']],
    ['failed', ['/nowhere']],
    ['off', []],
  ] as const)('is there as ACCESS_LOG says: %s', async (accessLog, paths) => {
    const lines = await linesOf(accessLog, '/health/ready', '/v1/tenants/t', '/nowhere');
    expect(lines.map(([, { path }]) => path)).toEqual(paths);
  });
});
