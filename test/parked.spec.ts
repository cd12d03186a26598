import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

interface Parked {
  readonly id: string;
  readonly reason: string;
  readonly routingKey: string;
  readonly body: string | null;
}

interface Listed {
  readonly data: readonly Parked[];
  readonly nextCursor: string | null;
}

const event = (type: string) => `{"type":"${type}","data":{"a":1.0}}`;

describe('what Posthorn could not process', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('parked');
    await subscribed('known');
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribed = async (tenantId: string): Promise<void> => {
    await posthorn.call('PUT', `/tenants/${tenantId}`, {});
    const destination = { url: receiver.url(`/${tenantId}`), eventTypes: ['#'] };
    expect((await posthorn.call('POST', `/tenants/${tenantId}/destinations`, destination)).status).toBe(201);
  };

  const list = async (query = ''): Promise<Listed> =>
    (await posthorn.call<Listed>('GET', `/parked${query}`)).body;

  const parkedOf = (tenantId: string, count = 1): Promise<readonly Parked[]> =>
    until(`what is parked of ${tenantId}`, async () => {
      const found = (await list()).data.filter(({ routingKey }) => routingKey === tenantId);
      return found.length === count && found;
    });

  it('is listed with its reason, its body and its origin, and its neighbours go on', async () => {
    await Promise.all([
      posthorn.publishOverAmqp('nobody', event('a.b'), { messageId: 'for-nobody' }),
      posthorn.publishOverAmqp('known', event('goes.on')),
    ]);
    await receiver.received('/known');
    const [parked] = await parkedOf('nobody');
    expect(parked).toEqual({
      id: expect.stringMatching(/^prk_[0-9A-Z]{26}$/) as unknown,
      reason: expect.stringContaining('not_found') as unknown,
      parkedAt: expect.any(String) as unknown,
      queue: 'gateway.ingest-event',
      exchange: 'posthorn.ingest',
      routingKey: 'nobody',
      messageId: 'for-nobody',
      contentType: null,
      bodyBytes: event('a.b').length,
      body: event('a.b'),
    });
    const shown = await posthorn.call('GET', `/parked/${parked?.id}`);
    expect(shown.body).toEqual({ ...parked, properties: { messageId: 'for-nobody', headers: {} } });
  });

  it('is delivered when it is put back after its cause is gone, under its own id', async () => {
    await posthorn.publishOverAmqp('late', event('put.back'), { messageId: 'its-own-id' });
    const [parked] = await parkedOf('late');
    await subscribed('late');
    const answer = await posthorn.call('POST', '/parked/redrive', { ids: [parked?.id] });
    expect([answer.status, answer.body]).toEqual([200, { redriven: 1, failed: 0, hasMore: false }]);
    const [request] = await receiver.received('/late');
    expect(request?.headers['webhook-id']).toBe('its-own-id');
    expect(request?.body.toString()).toContain('"data":{"a":1.0}');
    expect((await posthorn.call('GET', `/parked/${parked?.id}`)).status).toBe(404);
  });

  it('is parked again, once, when its cause is still there', async () => {
    await posthorn.publishOverAmqp('never', event('put.back'));
    const [before] = await parkedOf('never');
    const redrive = { queue: 'gateway.ingest-event', ids: [before?.id] };
    expect((await posthorn.call('POST', '/parked/redrive', redrive)).body).toMatchObject({ redriven: 1 });
    await until('it is parked again', async () => (await parkedOf('never'))[0]?.id !== before?.id);
    const [after] = await parkedOf('never');
    expect(after).toMatchObject({ reason: before?.reason, body: before?.body });
  });

  it('is gone when it is dropped, and nothing else with it', async () => {
    await Promise.all([1, 2].map((number) => posthorn.publishOverAmqp('dropped', event(`a.b${number}`))));
    const [first, second] = await parkedOf('dropped', 2);
    expect((await posthorn.call('DELETE', `/parked/${first?.id}`)).status).toBe(204);
    expect((await posthorn.call('DELETE', `/parked/${first?.id}`)).status).toBe(404);
    expect(await parkedOf('dropped')).toEqual([second]);
  });

  it('is listed by pages and by queue, the newest first', async () => {
    for (const number of [1, 2, 3]) {
      await posthorn.publishOverAmqp('pages', event(`a.b${number}`));
      await parkedOf('pages', number);
    }
    const query = '?queue=gateway.ingest-event&limit=2';
    const first = await list(query);
    const second = await list(`${query}&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].slice(0, 3).map(({ body }) => body)).toEqual(
      [3, 2, 1].map((number) => event(`a.b${number}`)),
    );
    expect((await list('?queue=router.route-event')).data).toEqual([]);
  });

  it('of a queue is put back all at once, and answered with how many', async () => {
    const ids = new Set((await list('?limit=250')).data.map(({ id }) => id));
    const { body } = await posthorn.call('POST', '/parked/redrive', { queue: 'gateway.ingest-event' });
    expect(body).toEqual({ redriven: ids.size, failed: 0, hasMore: false });
    await until('new ones in their place', async () => {
      const { data } = await list('?limit=250');
      return data.length === ids.size && data.every(({ id }) => !ids.has(id));
    });
  });
});
