import { setTimeout } from 'node:timers/promises';
import { type Answer, RunningPosthorn, until } from '#libs/testing';

interface Key {
  readonly id: string;
  readonly key: string;
  readonly maskedKey: string;
}

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

describe('API keys', () => {
  let posthorn: RunningPosthorn;
  let destinationId: string;

  beforeAll(async () => {
    posthorn = await RunningPosthorn.start('api-keys', {
      POSTHORN_SCALE: 'gateway=2',
      API_RATE_PER_KEY: '40',
    });
    for (const tenant of ['t', 'other', 'doomed']) await posthorn.call('PUT', `/tenants/${tenant}`, {});
    const destination = { url: 'http://127.0.0.1:1/', eventTypes: ['#'] };
    destinationId = String(
      (await posthorn.call('POST', '/tenants/other/destinations', destination)).body['id'],
    );
  }, 180_000);

  afterAll(() => posthorn.stop(), 120_000);

  const make = async (body: object): Promise<Key> => {
    const answer = await posthorn.call<Key>('POST', '/api-keys', body);
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ key: expect.any(String) })]);
    await until('every gateway to know the key', async () =>
      (await onEveryGateway(answer.body, 'GET', '/nowhere-but-known')).every(({ status }) => status !== 401),
    );
    return answer.body;
  };

  const as = (
    { key }: Pick<Key, 'key'>,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Problem>> =>
    posthorn.call<Problem>(method, path, body, { authorization: `Bearer ${key}` });

  /** A path that needs a key, so that 401 tells that it is not known. */
  const onEveryGateway = async (key: Pick<Key, 'key'>, method: string, path: string) => {
    const urls = posthorn.run.services.flatMap(({ apiUrl }) => apiUrl ?? []);
    expect(urls).toHaveLength(2);
    return Promise.all(
      urls.map((url) =>
        fetch(`${url}/v1${path === '/nowhere-but-known' ? '/tenants/t' : path}`, {
          method,
          headers: { authorization: `Bearer ${key.key}` },
        }),
      ),
    );
  };

  const event = { type: 'a.b', data: 1 };

  it('are shown once, and listed masked', async () => {
    const made = await make({ name: 'billing', scopes: ['events:write'], tenantId: 't' });
    expect(made).toMatchObject({ lastUsedAt: null });
    const data = await until('its use to be reported', async () => {
      const { body } = await posthorn.call<{ data: Record<string, unknown>[] }>(
        'GET',
        '/api-keys?tenantId=t',
      );
      return body.data[0]?.['lastUsedAt'] ? body.data : undefined;
    });
    expect(data).toEqual([
      {
        id: made.id,
        name: 'billing',
        maskedKey: made.maskedKey,
        scopes: ['events:write'],
        tenantId: 't',
        expiresAt: null,
        createdAt: expect.any(String) as unknown,
        lastUsedAt: expect.any(String) as unknown,
      },
    ]);
    expect(made.maskedKey).toMatch(/^phk_[0-9A-Z]{26}_…\w{4}$/);
    expect(JSON.stringify(data)).not.toContain(made.key.slice(-38, -6));
  });

  it('do what they have the scope for, and nothing else', async () => {
    const writer = await make({ scopes: ['events:write'] });
    expect((await as(writer, 'POST', '/tenants/t/events', event)).status).toBe(202);
    for (const [method, path] of [
      ['GET', '/tenants/t/events'],
      ['GET', '/tenants/t/destinations'],
      ['POST', '/tenants/t/destinations'],
      ['GET', '/tenants'],
      ['GET', '/parked'],
      ['POST', '/api-keys'],
    ] as const) {
      const { status, body } = await as(writer, method, path, method === 'POST' ? {} : undefined);
      expect([method, path, status, body.code]).toEqual([method, path, 403, 'insufficient_scope']);
    }
    const admin = await make({ scopes: ['admin'] });
    expect((await as(admin, 'GET', '/parked')).status).toBe(200);
    expect((await as(admin, 'GET', `/tenants/other/destinations/${destinationId}/secret`)).status).toBe(200);
  });

  it('of a tenant find nothing of another, and nothing of the operator’s', async () => {
    const bound = await make({ scopes: ['admin'], tenantId: 't' });
    expect((await as(bound, 'POST', '/tenants/t/events', event)).status).toBe(202);
    expect((await as(bound, 'GET', '/tenants/t/destinations')).status).toBe(200);
    const withoutRequestId = ({ status, body }: Answer<Problem>) => ({ status, ...body, requestId: '' });
    for (const path of ['/events', '/destinations', `/destinations/${destinationId}`, '/deliveries/dlv_1']) {
      const [theirs, nobodys] = [
        await as(bound, 'GET', `/tenants/other${path}`),
        await as(bound, 'GET', `/tenants/no-such-tenant${path}`),
      ];
      expect([theirs.status, theirs.body.code]).toEqual([404, 'not_found']);
      expect(withoutRequestId(theirs)).toEqual(withoutRequestId(nobodys));
    }
    const mine = await as(bound, 'GET', `/tenants/t/destinations/${destinationId}`);
    const random = await as(bound, 'GET', '/tenants/t/destinations/dst_random');
    expect(mine.status).toBe(404);
    expect(withoutRequestId(mine)).toEqual(withoutRequestId(random));
    for (const path of ['/tenants', '/tenants/t', '/parked', '/api-keys']) {
      const { status, body } = await as(bound, 'GET', path);
      expect([path, status, body.code]).toEqual([path, 403, 'insufficient_scope']);
    }
  });

  it.each([
    ['no scope', { scopes: [] }, 422],
    ['a scope that does not exist', { scopes: ['everything'] }, 422],
    ['a time that is past', { scopes: ['admin'], expiresAt: '2020-01-01T00:00:00Z' }, 422],
    ['a tenant that does not exist', { scopes: ['admin'], tenantId: 'nobody' }, 404],
  ])('are not made with %s', async (_what, body, status) => {
    expect((await posthorn.call('POST', '/api-keys', body)).status).toBe(status);
  });

  it('stop working by themselves when they expire, at every gateway', async () => {
    const expiresAtMs = Date.now() + 3000;
    const key = await make({ scopes: ['admin'], expiresAt: new Date(expiresAtMs).toISOString() });
    await setTimeout(expiresAtMs + 50 - Date.now());
    const answers = await onEveryGateway(key, 'GET', '/tenants');
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('that have an end make no key that lives longer', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const maker = await make({ scopes: ['admin'], expiresAt });
    const makeUntil = (end: string | null | undefined) =>
      as(maker, 'POST', '/api-keys', { scopes: ['admin'], expiresAt: end });
    for (const end of [undefined, null, new Date(Date.parse(expiresAt) + 1).toISOString()]) {
      const { status, body } = await makeUntil(end);
      expect([end, status, body.errors]).toEqual([
        end,
        422,
        [{ path: 'expiresAt', message: expect.stringContaining(expiresAt) as unknown }],
      ]);
    }
    expect((await makeUntil(expiresAt)).status).toBe(201);
    const bound = await make({ scopes: ['admin'], tenantId: 't' });
    expect((await as(bound, 'POST', '/api-keys', { scopes: ['events:read'], tenantId: 't' })).status).toBe(
      403,
    );
  });

  it('that are refused are counted by their reason', async () => {
    const reader = await make({ scopes: ['events:read'], tenantId: 't' });
    const gone = await make({ scopes: ['admin'] });
    await posthorn.call('DELETE', `/api-keys/${gone.id}`);
    await until('the key to be refused', async () =>
      (await onEveryGateway(gone, 'GET', '/tenants')).every(({ status }) => status === 401),
    );
    const wrong = `${reader.key.slice(0, -1)}${reader.key.endsWith('x') ? 'y' : 'x'}`;
    const metrics = async () => {
      const urls = posthorn.run.services.filter(({ apiUrl }) => apiUrl).map(({ metricsUrl }) => metricsUrl);
      const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
      const counts = new Map<string, number>();
      for (const [, reason = '', count] of texts
        .join('\n')
        .matchAll(/^posthorn_auth_failures_total\{reason="(\w+)".*\} (\d+)$/gm))
        counts.set(reason, (counts.get(reason) ?? 0) + Number(count));
      return counts;
    };
    const before = await metrics();
    await fetch(`${posthorn.run.apiUrl}/v1/tenants`);
    for (const key of ['hunter2', wrong, gone.key]) await as({ key }, 'GET', '/tenants');
    await as(reader, 'GET', '/tenants/t/destinations');
    await as(reader, 'GET', '/tenants/other/events');
    const after = await metrics();
    const counted = [...after].map(([reason, count]) => [reason, count - (before.get(reason) ?? 0)] as const);
    expect(Object.fromEntries(counted)).toMatchObject({
      missing: 1,
      malformed: 2,
      revoked: 1,
      scope: 1,
      tenant: 1,
    });
  });

  it('that are revoked stop working at every gateway within 5 s', async () => {
    const key = await make({ scopes: ['admin'] });
    expect((await posthorn.call('DELETE', `/api-keys/${key.id}`)).status).toBe(204);
    const revokedAtMs = Date.now();
    await until('every gateway to refuse the key', async () =>
      (await onEveryGateway(key, 'GET', '/tenants')).every(({ status }) => status === 401),
    );
    expect(Date.now() - revokedAtMs).toBeLessThan(5000);
    expect((await posthorn.call('DELETE', `/api-keys/${key.id}`)).status).toBe(404);
  });

  it('of a tenant that is deleted stop working for good', async () => {
    const key = await make({ scopes: ['admin'], tenantId: 'doomed' });
    await posthorn.call('DELETE', '/tenants/doomed');
    await posthorn.call('PUT', '/tenants/doomed', {});
    await until('the key to be refused', async () =>
      (await onEveryGateway(key, 'GET', '/tenants/doomed/events')).every(({ status }) => status === 401),
    );
  });

  it('work while the registry is away', async () => {
    const key = await make({ scopes: ['events:write'], tenantId: 't' });
    await as(key, 'POST', '/tenants/t/events', event);
    const { pid } = posthorn.service('registry');
    process.kill(pid, 'SIGSTOP');
    try {
      expect((await as(key, 'POST', '/tenants/t/events', event)).status).toBe(202);
      const wrong = { key: `${key.key.slice(0, -1)}${key.key.endsWith('x') ? 'y' : 'x'}` };
      expect((await as(wrong, 'POST', '/tenants/t/events', event)).status).toBe(401);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until(
      'the registry to answer',
      async () => (await posthorn.call('GET', '/tenants')).status === 200,
    );
  });

  it('that call too often are told when to come again, and hold up nobody else', async () => {
    const [greedy, modest] = [await make({ scopes: ['admin'] }), await make({ scopes: ['admin'] })];
    const answers = await Promise.all(Array.from({ length: 150 }, () => as(greedy, 'GET', '/tenants/t')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(30);
    expect(refused[0]?.body.code).toBe('rate_limited');
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await as(modest, 'GET', '/tenants/t')).status).toBe(200);
    await setTimeout(1000);
    expect((await as(greedy, 'GET', '/tenants/t')).status).toBe(200);
  });
});
