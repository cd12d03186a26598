import { newId } from '#libs/contracts';
import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { connect } from 'amqplib';

interface Listed {
  readonly data: readonly { readonly id: string; readonly status: string }[];
}

interface Erasure {
  readonly state: string;
  readonly services: readonly { readonly name: string; readonly removed: Record<string, number> }[];
}

const times = 50;

let posthorn: RunningPosthorn;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  posthorn = await RunningPosthorn.start('idempotency', { POSTHORN_SCALE: 'gateway=2' });
  await posthorn.call('PUT', '/tenants/t', {});
}, 180_000);

afterAll(async () => {
  await receiver.stop();
  await posthorn.stop();
}, 120_000);

describe('an event published 50 times at once', () => {
  const subscribe = async (path: string, type: string): Promise<void> => {
    await posthorn.subscribe('t', { url: receiver.url(path), eventTypes: [type] });
  };

  const list = async (path: string): Promise<Listed['data']> =>
    (await posthorn.call<Listed>('GET', `/tenants/t/${path}`)).body.data;

  const delivered = (eventId: string): Promise<boolean> =>
    until(`the delivery of ${eventId}`, async () =>
      (await list(`deliveries?eventId=${eventId}`)).some(({ status }) => status === 'delivered'),
    );

  /** Whatever was published before it has been routed by then. */
  const publishAnother = async (type: string): Promise<string> => {
    const { body } = await posthorn.call('POST', '/tenants/t/events', `{"type":"${type}","data":0}`);
    await delivered(String(body['id']));
    return String(body['id']);
  };

  const isThereOnce = async (eventId: string, path: string, type: string): Promise<void> => {
    await delivered(eventId);
    const another = await publishAnother(type);
    const ids = receiver.requests(path).map(({ headers }) => String(headers['webhook-id']));
    expect(ids.toSorted()).toEqual([eventId, another].toSorted());
    expect(await list(`deliveries?eventId=${eventId}`)).toHaveLength(1);
    await until(
      'a history without the repeats',
      async () => (await list(`events?type=${type}`)).length === 2,
    );
    const { body } = await posthorn.call('GET', `/tenants/t/events/${eventId}`);
    expect(body).toMatchObject({ id: eventId, deliveries: [{ status: 'delivered' }] });
  };

  it('under one id through both doors is answered alike each time, delivered once, and in the history once', async () => {
    await subscribe('/id', 'by.id');
    const event = '{"id":"only-once","type":"by.id","data":1}';
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: times / 2 }, () => posthorn.call('POST', '/tenants/t/events', event))),
      Promise.all(Array.from({ length: times / 2 }, () => posthorn.publishOverAmqp('t', event))),
    ]);
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`))).toEqual(
      new Set(['202 only-once']),
    );
    await isThereOnce('only-once', '/id', 'by.id');
  });

  it('under one Idempotency-Key gets one id, is delivered once, and is in the history once', async () => {
    await subscribe('/key', 'by.key');
    const publish = (key: string, event = '{"type":"by.key","data":1}') =>
      posthorn.call('POST', '/tenants/t/events', event, { 'idempotency-key': key });
    const answers = await Promise.all(Array.from({ length: times }, () => publish('order/4711')));
    const [id, ...others] = new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`));
    expect(others).toEqual([]);
    expect(id).toMatch(/^202 evt_[0-9A-Z]{32}$/);
    await isThereOnce(id!.slice('202 '.length), '/key', 'by.key');
  });

  it('goes by the id in the body where there is one, whatever the Idempotency-Key', async () => {
    const event = '{"id":"own","type":"by.both","data":1}';
    const answer = await posthorn.call('POST', '/tenants/t/events', event, { 'idempotency-key': 'k' });
    expect([answer.status, answer.body['id']]).toEqual([202, 'own']);
  });

  it('is refused under an Idempotency-Key that is none, by the name of the header', async () => {
    for (const key of ['two words', 'x'.repeat(256)]) {
      const answer = await posthorn.call('POST', '/tenants/t/events', '{"type":"a","data":1}', {
        'idempotency-key': key,
      });
      expect(answer.status).toBe(422);
      expect(answer.body['errors']).toMatchObject([{ path: 'Idempotency-Key' }]);
    }
  });
});

describe("a tenant's id that is given away again", () => {
  const events = '/tenants/shop/events';
  const event = (data: string) => ({ id: 'order-1', type: 'order.made', data });
  let erasure: string;
  const counting = { after: '2020-01-01', before: '2100-01-01', dryRun: true };
  const under = { 'idempotency-key': 'one' };

  /** With a destination at `/<path>`, a key of its own, and the gateway that knows the tenant last. */
  const create = async (path: string) => {
    expect((await posthorn.call('PUT', '/tenants/shop', {})).status).toBe(201);
    await posthorn.subscribe('shop', { url: receiver.url(path), eventTypes: ['#'] });
    const scopes = ['events:read', 'events:write'];
    const { body } = await posthorn.call('POST', '/api-keys', { scopes, tenantId: 'shop' });
    expect(body['tenantId']).toBe('shop');
    return { id: String(body['id']), authorization: `Bearer ${String(body['key'])}` };
  };

  const read = async (path: string, headers = {}) =>
    (await posthorn.call('GET', `/tenants/shop${path}`, undefined, headers)).body;

  const onEachGateway = async <Result>(work: () => Promise<Result>): Promise<Result[]> => {
    const results: Result[] = [];
    const choose = posthorn.chooseGateway;
    for (const { apiUrl } of posthorn.run.services) {
      if (apiUrl === undefined) continue;
      posthorn.chooseGateway = () => apiUrl;
      results.push(await work());
    }
    posthorn.chooseGateway = choose;
    return results;
  };

  const webhooks = (path: string): string[] => receiver.requests(path).map(({ body }) => body.toString());

  it('starts empty, and has the ids that were used before', async () => {
    const former = await create('/former');
    await posthorn.publish('shop', event('PERSONAL-123'));
    await until('the former delivery', async () => webhooks('/former').length === 1);
    const [delivery] = (await read('/deliveries'))['data'] as { id: string }[];
    const replay = await posthorn.call('POST', '/tenants/shop/replays', counting, under);
    expect(replay.status).toBe(202);

    await onEachGateway(() => read('/events'));
    const deletion = await posthorn.call('DELETE', '/tenants/shop');
    expect([deletion.status, deletion.headers.get('location')]).toEqual([
      204,
      expect.stringMatching(/^\/v1\/erasures\/era_/),
    ]);
    erasure = String(deletion.headers.get('location')).slice('/v1'.length);
    const things = ['/events/order-1', '/events/order-1/explain', `/deliveries/${delivery?.id}`, '/events'];
    for (const path of things) expect((await read(path))['code']).toBe('not_found');
    await until('no gateway to take events', async () =>
      (await onEachGateway(() => posthorn.call('POST', events, event('late')))).every(
        ({ status }) => status === 404,
      ),
    );
    await posthorn.publishOverAmqp('shop', JSON.stringify(event('late')));

    const next = await create('/next');
    for (const path of ['/events', '/deliveries', '/replays'])
      expect(await read(path)).toMatchObject({ data: [] });
    for (const path of things.slice(0, 3)) {
      const told = await until('the key', async () => {
        const body = await read(path, { authorization: next.authorization });
        return body['code'] === 'unauthenticated' ? undefined : body;
      });
      expect(told['code']).toBe('not_found');
    }
    expect((await posthorn.call('GET', '/events?tenantId=shop')).body).toMatchObject({ data: [] });
    const other = { ...counting, before: '2099-01-01' };
    expect((await posthorn.call('POST', '/tenants/shop/replays', other, under)).status).toBe(202);
    const keys = (await posthorn.call('GET', '/api-keys?tenantId=shop')).body['data'];
    expect(keys).toMatchObject([{ id: next.id, tenantId: 'shop' }]);
    expect(former.id).not.toBe(next.id);

    await posthorn.publish('shop', event('new'));
    await until('the delivery under the old id', async () => webhooks('/next').length === 1);
    expect(webhooks('/next')[0]).toContain('"data":"new"');
    expect(webhooks('/former')).toHaveLength(1);
    const recorded = async () => (await read('/events/order-1'))['data'] === 'new';
    await until('the record of the new event', recorded);
    const lists = ['/events', '/deliveries', '/destinations', '/replays', ''];
    const operators = ['/tenants', '/events', '/deliveries', '/api-keys', '/parked'];
    const answers = await Promise.all([
      ...lists.map((path) => read(path)),
      ...operators.map((path) => posthorn.call('GET', path)),
    ]);
    expect(JSON.stringify(answers)).toContain('"tenantId":"shop"');
    expect(JSON.stringify(answers)).not.toContain('~');
  }, 120_000);

  it("leaves nothing of the former tenant's, and a receipt", async () => {
    const finished = async () => {
      const { body } = await posthorn.call<Erasure>('GET', erasure);
      return body.state === 'done' ? body : undefined;
    };
    const { services, ...receipt } = await until('the erasure', finished, 45_000);
    expect(receipt).toMatchObject({ tenantId: 'shop', finishedAt: expect.any(String) as unknown });
    expect(services.map(({ name }) => name)).toEqual([
      'alerts',
      'dispatcher',
      'ledger',
      'registry',
      'router',
    ]);
    const removed = Object.fromEntries(services.map((service) => [service.name, service.removed]));
    expect(removed).toMatchObject({
      registry: { destinations: 1, apiKeys: 1 },
      ledger: { events: 1, payloads: 1, deliveries: 1, attempts: 1, replays: 1, destinations: 1 },
      router: { inbox: 1, destinations: 1 },
      dispatcher: { destinations: 1 },
      alerts: { destinations: 1 },
    });
    const listed = await posthorn.call<{ data: unknown[] }>('GET', '/erasures?tenantId=shop');
    expect(listed.body.data).toMatchObject([{ id: erasure.split('/').at(-1), state: 'done' }]);
    expect(await read('/events/order-1')).toMatchObject({ data: 'new' });
    expect((await posthorn.call('GET', '/erasures/era_none')).status).toBe(404);
  }, 60_000);

  it('gets nothing of what arrives late of the former tenant', async () => {
    const at = new Date().toISOString();
    const late = { tenantId: 'shop', eventId: 'late', eventType: 'order.made', timestamp: at };
    const headers = { ...late, acceptanceId: newId('acc'), acceptedAt: at, source: 'http' };
    const connection = await connect(posthorn.run.amqpUrl);
    const channel = await connection.createConfirmChannel();
    const type = 'event.accepted.v1';
    channel.publish('posthorn', type, Buffer.from('"PERSONAL-456"'), { headers, type, persistent: true });
    await channel.waitForConfirms();
    await connection.close();
    await posthorn.publish('shop', { id: 'order-2', type: 'order.made', data: 'newer' });
    await until(
      'the record of the newer event',
      async () => (await read('/events/order-2'))['data'] === 'newer',
    );
    const { body } = await posthorn.call<{ data: { id: string }[] }>('GET', '/events');
    expect(body.data.map(({ id }) => id)).not.toContain('late');
    expect(
      (await posthorn.call<{ data: unknown[] }>('GET', '/parked?queue=ledger.record-event')).body.data,
    ).toEqual([]);
  });

  it('gives up one payload alone, and says so', async () => {
    const path = '/tenants/shop/events/order-1';
    expect((await posthorn.call('DELETE', `${path}/payload`)).status).toBe(204);
    expect(await read('/events/order-1')).toMatchObject({
      data: null,
      deliveries: [{ status: 'delivered' }],
    });
    const again = await posthorn.call('POST', `${path}/replay`, {});
    expect([again.status, again.body['code']]).toEqual([409, 'payload_expired']);
    expect((await posthorn.call('DELETE', '/tenants/shop/events/none/payload')).status).toBe(404);
  });

  it('is not spelled as its services know it', async () => {
    for (const path of ['/tenants/shop~2', '/tenants/shop~2/events', '/tenants/shop%7E2/events'])
      expect((await posthorn.call('GET', path)).status).toBe(404);
    expect((await posthorn.call('PUT', '/tenants/shop~3', {})).status).toBe(422);
    expect((await posthorn.call('GET', '/events?tenantId=shop~2')).body).toMatchObject({ data: [] });
    await posthorn.publishOverAmqp('shop~2', JSON.stringify(event('by the back door')));
    await until('its refusal', async () => {
      const { body } = await posthorn.call<{ data: { routingKey: string }[] }>('GET', '/parked');
      return body.data.some(({ routingKey }) => routingKey === 'shop~2');
    });
    expect(webhooks('/next')).toHaveLength(2);
  });
});
