import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startOperationsServer } from './operations-server.js';
import { Readiness } from './readiness.js';

describe('the port of health and metrics', () => {
  let server: Server;

  beforeAll(async () => {
    server = await startOperationsServer({ port: 0, host: '127.0.0.1', readiness: new Readiness() });
  });
  afterAll(() => {
    server.close();
  });

  const call = (method: string, path: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method });

  it.each(['GET', 'HEAD'])('answers %s', async (method) => {
    const { status, headers } = await call(method, '/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    for (const path of ['/metrics', '/health/live', '/health/ready', '/other']) {
      const answer = await call(method, path);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(await answer.text()).not.toContain('posthorn_');
    }
  });
});
