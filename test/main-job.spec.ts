import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { Webhook } from 'standardwebhooks';

const payload = '{"a":1.0,"b":9007199254740993,"c":"\\u0000"}';

interface Delivery {
  readonly id: string;
  readonly status: string;
}

describe('a running Posthorn', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('main-job', {
      RETRY_SCHEDULE: '200ms,400ms',
      RETRY_JITTER: '0',
      WEBHOOK_HEADERS: 'x-tenant-id: {tenantId}, x-attempt: {attempt}',
    });
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribe = (path: string, eventTypes: readonly string[]) =>
    posthorn.subscribe('t', { url: receiver.url(path), eventTypes });
  const publish = (type: string, data = '{}') => posthorn.publish('t', `{"type":"${type}","data":${data}}`);

  const deliveryOf = (eventId: string, status: string): Promise<Delivery> =>
    until(`a delivery of ${eventId} that is ${status}`, async () => {
      const { body } = await posthorn.call<{ data: Delivery[] }>(
        'GET',
        `/tenants/t/deliveries?eventId=${eventId}`,
      );
      return body.data.find((delivery) => delivery.status === status);
    });

  it.each(['HTTP', 'AMQP'])(
    'delivers an event published over %s, signed and byte for byte, within 1 s',
    async (door) => {
      const type = `door.${door}`;
      const { secret } = await subscribe(`/${door}`, [type]);
      const publishedAt = Date.now();
      if (door === 'HTTP') await publish(type, payload);
      else await posthorn.publishOverAmqp('t', `{"type":"${type}","data":${payload}}`);
      const [request] = await receiver.received(`/${door}`);
      const body = request?.body.toString() ?? '';
      expect(request?.arrivedAt.getTime()).toBeLessThan(publishedAt + 1000);
      expect(body).toContain(`"data":${payload}}`);
      expect(() =>
        new Webhook(secret!).verify(body, request?.headers as Record<string, string>),
      ).not.toThrow();
    },
  );

  it('sends the headers of the installation, which a destination cannot set', async () => {
    await posthorn.subscribe('t', {
      url: receiver.url('/templates'),
      eventTypes: ['templates.*'],
      headers: { 'X-Tenant-Id': 'other', 'x-own': '1' },
    });
    await publish('templates.thing');
    const [request] = await receiver.received('/templates');
    expect(request?.headers).toMatchObject({ 'x-tenant-id': 't', 'x-attempt': '1', 'x-own': '1' });
  });

  it('tries again until the endpoint answers 2xx, under one webhook-id, and tells of every attempt', async () => {
    receiver.answer('/flaky', 500, 500, 200);
    await subscribe('/flaky', ['flaky.*']);
    const eventId = await publish('flaky.thing');
    const requests = await receiver.received('/flaky', 3);
    expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId, eventId]);
    const delivery = await deliveryOf(eventId, 'delivered');
    const { body } = await posthorn.call<{ data: object[] }>(
      'GET',
      `/tenants/t/deliveries/${delivery.id}/attempts`,
    );
    expect(body.data).toMatchObject([{ statusCode: 500 }, { statusCode: 500 }, { statusCode: 200 }]);
  });

  it('gives up when the schedule is used up, and says so', async () => {
    receiver.answer('/broken', 500);
    await subscribe('/broken', ['broken.*']);
    const eventId = await publish('broken.thing');
    await deliveryOf(eventId, 'failed');
    expect(receiver.requests('/broken')).toHaveLength(3);
  });

  it('delivers what is published right after the 201 of its destination', async () => {
    const rounds = Array.from({ length: 20 }, (_, round) => round);
    for (const round of rounds) {
      await subscribe(`/right-after/${round}`, [`right.after${round}`]);
      await publish(`right.after${round}`);
    }
    await Promise.all(rounds.map((round) => receiver.received(`/right-after/${round}`)));
  });

  it('sends to the new URL as soon as the change is answered, and changes in less than 100 ms typically', async () => {
    const { id } = await subscribe('/moved/0', ['moved.*']);
    const tookMs: number[] = [];
    for (let round = 1; round <= 20; round++) {
      const startedAt = performance.now();
      await posthorn.call('PATCH', `/tenants/t/destinations/${id}`, { url: receiver.url(`/moved/${round}`) });
      tookMs.push(performance.now() - startedAt);
      await publish('moved.thing');
      await receiver.received(`/moved/${round}`);
    }
    expect(tookMs.toSorted((a, b) => a - b)[10]).toBeLessThan(100);
  });

  it('holds what comes while a destination is disabled, and delivers it once it is enabled', async () => {
    const { id } = await subscribe('/held', ['held.*']);
    await posthorn.call('POST', `/tenants/t/destinations/${id}/disable`);
    const eventId = await publish('held.thing');
    await deliveryOf(eventId, 'held');
    expect(receiver.requests('/held')).toHaveLength(0);
    await posthorn.call('POST', `/tenants/t/destinations/${id}/enable`);
    await receiver.received('/held');
    await deliveryOf(eventId, 'delivered');
  });

  it('sends nothing more to a destination that was deleted', async () => {
    const { id } = await subscribe('/deleted', ['deleted.*']);
    await subscribe('/kept', ['deleted.*']);
    expect((await posthorn.call('DELETE', `/tenants/t/destinations/${id}`)).status).toBe(204);
    await deliveryOf(await publish('deleted.thing'), 'delivered');
    await receiver.received('/kept');
    expect(receiver.requests('/deleted')).toHaveLength(0);
  });

  it('parks what a publisher sends for a tenant that does not exist', async () => {
    await posthorn.publishOverAmqp('nobody', '{"type":"a.b","data":1}', { messageId: 'for-nobody' });
    const parked = await until('the parked message', async () => {
      const { body } = await posthorn.call<{ data: object[] }>('GET', '/parked');
      return body.data[0];
    });
    expect(parked).toMatchObject({
      messageId: 'for-nobody',
      routingKey: 'nobody',
      reason: expect.stringContaining('not_found') as unknown,
      body: '{"type":"a.b","data":1}',
    });
  });

  describe('a loop', () => {
    const hops = (path: string) => receiver.requests(path).map(({ headers }) => headers['posthorn-hops']);
    const event = (id: string, type: string) => JSON.stringify({ id, type, data: 1 });
    const publishAfter = (body: string, count: string, path = '/tenants/t/events') =>
      posthorn.call('POST', path, body, { 'posthorn-hops': count });

    it('cannot begin at a destination that is Posthorn itself', async () => {
      const { port } = new URL(posthorn.run.apiUrl);
      for (const host of ['127.0.0.1', 'LOCALHOST.', '[::1]', '127.0.0.2']) {
        const url = `http://${host}:${port}/v1/tenants/t/events`;
        expect(await posthorn.call('POST', '/tenants/t/destinations', { url })).toMatchObject({
          status: 422,
          body: {
            code: 'destination_url_denied',
            errors: [{ path: 'url', message: expect.stringContaining("Posthorn's own address") as string }],
          },
        });
      }
    });

    it('is counted by the webhooks that led to an event, through retries and replays', async () => {
      receiver.answer('/hops', 500, 200);
      await posthorn.subscribe('t', { url: receiver.url('/hops'), eventTypes: ['hops.#'] });
      expect((await publishAfter(event('hops-http', 'hops.http'), '3')).status).toBe(202);
      await receiver.received('/hops', 2);
      // A delivery that is still being attempted is not replayed.
      await deliveryOf('hops-http', 'delivered');
      expect((await posthorn.call('POST', '/tenants/t/events/hops-http/replay')).status).toBe(202);
      await receiver.received('/hops', 3);
      await posthorn.publishOverAmqp('t', event('hops-amqp', 'hops.amqp'), {
        headers: { 'posthorn-hops': 4 },
      });
      await receiver.received('/hops', 4);
      await posthorn.publish('t', event('hops-none', 'hops.none'));
      await receiver.received('/hops', 5);
      expect(hops('/hops')).toEqual(['4', '4', '4', '5', '1']);
    });

    it('ends after four webhooks, over HTTP and AMQP', async () => {
      expect(await publishAfter(event('over', 'over'), '5')).toMatchObject({
        status: 422,
        body: { code: 'too_many_hops' },
      });
      for (const malformed of ['-1', '1, 1', 'x'])
        expect(await publishAfter(event('over', 'over'), malformed)).toMatchObject({
          status: 422,
          body: { code: 'validation_failed', errors: [{ path: 'posthorn-hops' }] },
        });
      const batch = await publishAfter(`[${event('over', 'over')}]`, '5', '/tenants/t/events/batch');
      expect([batch.status, batch.body]).toMatchObject([422, { code: 'too_many_hops' }]);
      const headers = { 'Posthorn-Hops': 5, 'cloudEvents:specversion': '1.0', 'cloudEvents:id': 'over' };
      await posthorn.publishOverAmqp('t', event('over', 'over'), { headers });
      await until('the message with its reason', async () => {
        const { body } = await posthorn.call<{ data: { reason: string }[] }>('GET', '/parked');
        return body.data.some(({ reason }) => reason.startsWith('too_many_hops'));
      });
    });

    it('cannot be hidden by a header of the destination', async () => {
      const { port } = receiver;
      const url = `http://127.0.0.1:${port}/x`;
      expect(
        await posthorn.call('POST', '/tenants/t/destinations', { url, headers: { 'Posthorn-Hops': '0' } }),
      ).toMatchObject({ status: 422, body: { code: 'header_not_allowed' } });
    });
  });

  it('keeps the id and type that its producer has, in every place', async () => {
    const [id, type] = ['urn:x;partition:0/offset+7=(a)%~', 'com.my-company:orders/created'];
    await posthorn.subscribe('t', {
      url: receiver.url('/producer'),
      eventTypes: ['com.my-company:orders/created.#'],
      format: 'cloudevents',
    });
    const path = `/tenants/t/events/${encodeURIComponent(id)}`;
    const headers = { 'content-type': 'application/cloudevents+json' };
    const event = JSON.stringify({ specversion: '1.0', id, source: '/kafka', type, data: 1 });
    expect(await posthorn.call('POST', '/tenants/t/events', event, headers)).toMatchObject({
      status: 202,
      body: { id },
    });
    const [webhook] = await receiver.received('/producer');
    expect(webhook?.headers['webhook-id']).toBe(id);
    expect(JSON.parse(String(webhook?.body))).toMatchObject({ id, type });
    expect(await posthorn.call('GET', path)).toMatchObject({ status: 200, body: { id, type } });
    expect(await posthorn.call('GET', `${path}/explain`)).toMatchObject({
      status: 200,
      body: { eventId: id },
    });
    expect(await deliveryOf(encodeURIComponent(id), 'delivered')).toMatchObject({
      eventId: id,
      eventType: type,
    });
    // 503 until its routing is recorded.
    await until('the replay', async () => (await posthorn.call('POST', `${path}/replay`, {})).status === 202);
    await receiver.received('/producer', 2);
  });
});
