import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

const event = '{"type":"a.b","data":1}';

describe('while something is away', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  let key: string;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('outages');
    await posthorn.call('PUT', '/tenants/t', {});
    await posthorn.subscribe('t', { url: receiver.url('/'), eventTypes: ['#'] });
    const created = await posthorn.call('POST', '/api-keys', { scopes: ['events:write'], tenantId: 't' });
    key = String(created.body['key']);
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  it('RabbitMQ: a publish is answered 503 with Retry-After within 6 s, and works again by itself afterwards', async () => {
    posthorn.freezeBroker();
    try {
      const startedAt = performance.now();
      const refused = await posthorn.call('POST', '/tenants/t/events', event);
      expect(performance.now() - startedAt).toBeLessThan(6000);
      expect([refused.status, refused.body['code']]).toEqual([503, 'unavailable']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      posthorn.thawBroker();
    }
    await published();
  });

  it('RabbitMQ, killed and started again: it takes what is published as soon as it is back', async () => {
    posthorn.killBroker();
    await published();
  });

  it('the registry: a gateway that starts says what it misses, refuses for now, and is ready by itself afterwards', async () => {
    const as = (authorization: string) =>
      posthorn.call('POST', '/tenants/t/events', event, { authorization: `Bearer ${authorization}` });
    // What went before took RabbitMQ away, and each service finds its way back by itself.
    for (const path of ['/tenants/t', '/parked'])
      await until(
        `an answer of ${path}`,
        async () => (await posthorn.call('GET', path)).status === 200,
        60_000,
      );
    const registry = posthorn.service('registry').pid;
    const { pid } = posthorn.service('gateway');
    process.kill(registry, 'SIGSTOP');
    try {
      process.kill(pid, 'SIGKILL');
      await until('another gateway', () => posthorn.service('gateway').pid !== pid, 60_000);
      await until('what it misses', async () => (await health('ready')).missing?.length === 2, 60_000);
      expect(await health('ready')).toEqual({
        status: 'unavailable',
        missing: expect.arrayContaining(['api-keys', 'event-types']) as unknown,
      });
      expect(await health('live')).toEqual({ status: 'ok' });
      const startedAt = performance.now();
      for (const answer of [await as(key), await as(posthorn.run.apiKey)]) {
        expect([answer.status, answer.body['code']]).toEqual([503, 'unavailable']);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(performance.now() - startedAt).toBeLessThan(4000);
      expect((await posthorn.call('GET', '/parked')).status).toBe(200);
      await posthorn.publishOverAmqp('t', '{"id":"meanwhile","type":"a.b","data":1}');
    } finally {
      process.kill(registry, 'SIGCONT');
    }
    await until('it to be ready', async () => (await health('ready')).status === 'ok', 60_000);
    expect((await as(key)).status).toBe(202);
    await until('what came over AMQP', () =>
      receiver.requests('/').some(({ headers }) => headers['webhook-id'] === 'meanwhile'),
    );
  }, 180_000);

  const health = async (what: 'live' | 'ready'): Promise<{ status: string; missing?: string[] }> => {
    try {
      return (await (await fetch(`${posthorn.run.apiUrl}/health/${what}`)).json()) as { status: string };
    } catch {
      return { status: 'not there' };
    }
  };

  /** An event gets its 202, and comes to the receiver. */
  const published = async (): Promise<void> => {
    const accepted = await until(
      'a publish that is accepted',
      async () => {
        const answer = await posthorn.call('POST', '/tenants/t/events', event);
        expect([202, 503]).toContain(answer.status);
        return answer.status === 202 && answer;
      },
      60_000,
    );
    await until('its webhook', () =>
      receiver.requests('/').some(({ headers }) => headers['webhook-id'] === accepted.body['id']),
    );
  };
});
