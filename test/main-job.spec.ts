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
    posthorn = await RunningPosthorn.start('main-job', { RETRY_SCHEDULE: '200ms,400ms', RETRY_JITTER: '0' });
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
});
