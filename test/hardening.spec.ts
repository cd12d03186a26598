import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { managementHeaders } from '#libs/servers';
import { RunningPosthorn, until } from '#libs/testing';
import { connect } from 'amqplib';

/** What would tell of our inside: files, code, SQL, addresses, and who we are made of. */
const inside =
  /\bat .*\.js|node_modules|\/apps\/|\/libs\/|select |insert |kysely|amqp:|postgres:|127\.0\.0\.1|fastify|FST_|nest/i;

describe('the HTTP door', () => {
  let posthorn: RunningPosthorn;
  let apiUrl: string;

  beforeAll(async () => {
    posthorn = await RunningPosthorn.start('hardening');
    apiUrl = posthorn.run.apiUrl;
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(() => posthorn.stop(), 120_000);

  const ask = (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${posthorn.run.apiKey}`, 'content-type': 'application/json' },
      ...init,
    });

  /** As no HTTP client would write it. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connectSocket(Number(new URL(apiUrl).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (bytes) => (answer += String(bytes)));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
      socket.setTimeout(50_000, () => socket.destroy());
    });

  it.each([
    ['GET', '/v1/tenants', 200, ''],
    ['GET', '/health/live', 200, ''],
    ['GET', '/nowhere', 404, ''],
    ['GET', '/v1/tenants/%zz', 404, ''],
    ['GET', `/v1/tenants/${'x'.repeat(257)}`, 404, ''],
    ['DELETE', '/v1/tenants', 405, ''],
    ['POST', '/v1/tenants/t/destinations', 422, '{}'],
    ['POST', '/v1/tenants/t/events', 400, '{"type"'],
    ['POST', '/v1/tenants/t/events', 413, `{"type":"a","data":"${'x'.repeat(300_000)}"}`],
    ['GET', '/v1/tenants/t/events?after=%27%3B%20select%201', 400, ''],
    ['GET', '/v1/tenants/t/events?type=%00', 400, ''],
    ['GET', '/v1/tenants/%00/events', 404, ''],
    ['GET', '/v1/tenants/t/deliveries/%27%20or%201=1', 404, ''],
  ])(
    'answers %s %s with %d, security headers and nothing of its inside',
    async (method, path, status, body) => {
      const answer = await ask(method, path, body === '' ? {} : { body });
      const text = await answer.text();
      expect([answer.status, text.length]).toEqual([status, expect.any(Number)]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(['x-powered-by', 'server'].map((name) => answer.headers.get(name))).toEqual([null, null]);
      expect(text).not.toMatch(inside);
      const type = status >= 400 ? 'application/problem+json' : 'application/json; charset=utf-8';
      expect(answer.headers.get('content-type')).toBe(type);
    },
  );

  it('says which verbs a path has', async () => {
    const wrong = await ask('DELETE', '/v1/tenants');
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    const options = await ask('OPTIONS', '/v1/tenants/t');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'PUT, GET, HEAD, DELETE, OPTIONS']);
    const head = await ask('HEAD', '/v1/tenants');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${apiUrl}/v1/tenants`, { method: 'HEAD' })).status).toBe(401);
  });

  it('answers who has no key before it reads the body', async () => {
    const answer = await raw(
      'POST /v1/tenants/t/events HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 200000\r\nconnection: close\r\n\r\n{',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each([
    ['a head', 15, 'GET /v1/tenants HTTP/1.1\r\nhost: a\r\nx-slow: '],
    [
      'a body',
      30,
      'PUT /v1/tenants/t HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: Bearer KEY\r\ncontent-length: 100\r\n\r\n{"name"',
    ],
  ])(
    'gives up %s that does not come after %d s',
    async (_what, seconds, text) => {
      const startedAt = performance.now();
      await raw(text.replace('KEY', posthorn.run.apiKey));
      expect((performance.now() - startedAt) / 1000).toBeCloseTo(seconds + 1, -0.6);
    },
    60_000,
  );

  it('serves others while 300 connections ask for its document again and again, and read slowly', async () => {
    const { port } = new URL(apiUrl);
    /** The slowest of some calls beside 300 connections that ask three times each, and read nothing. */
    const slowestBesideMs = async (path: string): Promise<number> => {
      const request = `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`.repeat(3);
      const sockets = Array.from({ length: 300 }, () => {
        const socket = connectSocket(Number(port), '127.0.0.1', () => socket.write(request));
        socket.on('error', () => undefined);
        return socket.pause();
      });
      const tookMs: number[] = [];
      for (let call = 0; call < 40; call++) {
        const startedAt = performance.now();
        await (await ask('GET', '/health/live')).text();
        tookMs.push(performance.now() - startedAt);
      }
      sockets.forEach((socket) => socket.destroy());
      return Math.max(...tookMs);
    };
    const besideSmallMs = await slowestBesideMs('/health/live');
    expect(await slowestBesideMs('/openapi.json')).toBeLessThan(3 * besideSmallMs + 500);
  });

  it('does not take a body that is compressed', async () => {
    const headers = {
      authorization: `Bearer ${posthorn.run.apiKey}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    };
    expect((await ask('POST', '/v1/tenants/t/events', { headers, body: 'x' })).status).toBe(415);
  });

  it('serves others as fast as ever while a thousand connections trickle', async () => {
    const p99 = async (): Promise<number> => {
      const tookMs: number[] = [];
      for (let call = 0; call < 200; call++) {
        const startedAt = performance.now();
        await (await ask('GET', '/health/live')).text();
        tookMs.push(performance.now() - startedAt);
      }
      return tookMs.toSorted((a, b) => a - b)[197] ?? 0;
    };
    const { port } = new URL(apiUrl);
    /** The best of some: other work on this machine is not what is judged. */
    const bestP99 = async (): Promise<number> => {
      const rounds: number[] = [];
      for (let round = 0; round < 5; round++) rounds.push(await p99());
      return Math.min(...rounds);
    };
    const quietMs = await bestP99();
    const slow = await Promise.all(
      Array.from(
        { length: 1000 },
        () =>
          new Promise<ReturnType<typeof connectSocket>>((resolve, reject) => {
            const socket = connectSocket(Number(port), '127.0.0.1', () => resolve(socket));
            socket.on('error', reject);
          }),
      ),
    );
    // A byte a second on each of them, not all at once: this process measures too.
    let next = 0;
    const trickle = setInterval(() => {
      for (let turn = 0; turn < 10; turn++) slow[next++ % slow.length]?.write('x');
    }, 10);
    slow.forEach((socket) => {
      socket.removeAllListeners('error');
      socket.on('error', () => undefined);
      socket.write('POST /v1/tenants/t/events HTTP/1.1\r\nx-slow: ');
    });
    try {
      expect(await bestP99()).toBeLessThan(Math.max(2 * quietMs, quietMs + 10));
    } finally {
      clearInterval(trickle);
      slow.forEach((socket) => socket.destroy());
    }
  });

  it('has a publisher who is bound to one tenant write for no other', async () => {
    const { rabbitmqManagementUrl, amqpUrl } = posthorn.run;
    const management = new URL(rabbitmqManagementUrl);
    const put = async (path: string, body: object): Promise<void> => {
      const response = await fetch(`${management.origin}/api/${path}`, {
        method: 'PUT',
        headers: {
          ...managementHeaders(management.username === '' ? amqpUrl : management.href),
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      });
      expect(response.ok).toBe(true);
    };
    await put('users/publisher-t', { password: 'only-for-this-test-8fK2', tags: '' });
    await put('permissions/%2F/publisher-t', { configure: '^$', write: '^posthorn\\.ingest$', read: '^$' });
    await put('topic-permissions/%2F/publisher-t', { exchange: 'posthorn.ingest', write: '^t$', read: '^$' });
    const url = new URL(amqpUrl);
    [url.username, url.password] = ['publisher-t', 'only-for-this-test-8fK2'];
    const publish = async (tenantId: string): Promise<string> => {
      const connection = await connect(url.href);
      connection.on('error', () => undefined);
      const channel = await connection.createConfirmChannel();
      const refused = new Promise<string>((resolve) =>
        channel.on('error', (error) => resolve(String(error))),
      );
      channel.publish('posthorn.ingest', tenantId, Buffer.from('{"type":"a.b","data":1}'));
      const outcome = await Promise.race([channel.waitForConfirms().then(() => 'confirmed'), refused]).catch(
        () => refused,
      );
      await connection.close().catch(() => undefined);
      return outcome;
    };
    expect(await publish('t')).toBe('confirmed');
    expect(await publish('other')).toContain('ACCESS_REFUSED');
    expect(await publish('t.other')).toContain('ACCESS_REFUSED');
  });

  it('has services behind it that share no user of the broker', async () => {
    const { rabbitmqManagementUrl, amqpUrl, services } = posthorn.run;
    // Told by the management API from statistics, which lag behind.
    await until('each service to be seen with its own user', async () => {
      const headers = managementHeaders(amqpUrl);
      const response = await fetch(`${rabbitmqManagementUrl}/api/connections`, { headers });
      const connections = (await response.json()) as { user: string; user_provided_name?: string }[];
      const logins = connections.map(({ user, user_provided_name: name = '' }) => ({ user, name }));
      const ofServices = logins.filter(({ name }) => / (publish|consume)$/.test(name));
      expect(ofServices.filter(({ user, name }) => user !== `posthorn-${name.split(' ')[0]}`)).toEqual([]);
      return services.every((service) => ofServices.some(({ name }) => name === `${service.name} publish`));
    });
  });

  it('has services behind it that have a role for the requests of tenants', () => {
    for (const service of ['registry', 'ledger']) {
      const log = readFileSync(join(posthorn.directory, 'logs', `${service}.log`), 'utf8');
      expect(log).toContain('service.started');
      expect(log).not.toContain('tenants.not-kept-apart');
    }
  });
});
