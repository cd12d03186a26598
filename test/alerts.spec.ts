import { setTimeout } from 'node:timers/promises';
import { type ReceivedRequest, RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { Webhook } from 'standardwebhooks';

interface Destination {
  readonly id: string;
  readonly secret: string;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
}

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('Posthorn tells its operator', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  let operator: Destination;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('alerts', {
      RETRY_SCHEDULE: '200ms,400ms',
      RETRY_JITTER: '0',
      AUTO_DISABLE_AFTER: '2s',
      RECOVERED_AFTER_FAILURES: '3',
    });
    await posthorn.call('PUT', '/tenants/t', {});
    await posthorn.call('PUT', '/tenants/posthorn', {});
    operator = await subscribe('/operator', ['#'], 'posthorn');
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribe = (path: string, eventTypes: readonly string[], tenant = 't') =>
    posthorn.subscribe<Destination>(tenant, { url: receiver.url(path), eventTypes });

  const publish = async (type: string): Promise<string> => {
    const answer = await posthorn.call('POST', '/tenants/t/events', { type, data: {} });
    expect(answer.status).toBe(202);
    return String(answer.body['id']);
  };

  const deliveryOf = (eventId: string, status: string) =>
    until(`a delivery of ${eventId} that is ${status}`, async () => {
      const path = `/tenants/t/deliveries?eventId=${eventId}`;
      const { body } = await posthorn.call<{ data: Record<string, unknown>[] }>('GET', path);
      return body.data.find((delivery) => delivery['status'] === status);
    });

  const disabled = ({ id }: Destination): Promise<Destination> =>
    until(`${id} to be disabled`, async () => {
      const { body } = await posthorn.call<Destination>('GET', `/tenants/t/destinations/${id}`);
      return !body.enabled && body;
    });

  const verified = ({ body, headers }: ReceivedRequest): Told => {
    const text = body.toString();
    return new Webhook(operator.secret).verify(text, headers as Record<string, string>) as Told;
  };

  /** What the operator was told of this. */
  const told = (type: string, about: Readonly<Record<string, unknown>>): Told[] =>
    receiver
      .requests('/operator')
      .map(verified)
      .filter((event) => event.type === type)
      .filter(({ data }) => Object.entries(about).every(([name, value]) => data[name] === value));

  const heard = (type: string, about: Readonly<Record<string, unknown>>): Promise<Told> =>
    until(`${type} at the operator's destination`, () => told(type, about)[0]);

  it('that an endpoint is gone: its destination is disabled, and what was for it is held until it is enabled', async () => {
    receiver.answer('/gone', 410, 200);
    const destination = await subscribe('/gone', ['gone.*']);
    const eventId = await publish('gone.thing');
    expect((await disabled(destination)).disabledReason).toBe('endpoint answered 410 Gone');
    expect(await deliveryOf(eventId, 'held')).toMatchObject({ attemptCount: 1, nextAttemptAt: null });
    const { data } = await heard('destination.disabled', { destinationId: destination.id });
    expect(data).toMatchObject({
      tenantId: 't',
      url: receiver.url('/gone'),
      reason: 'endpoint answered 410 Gone',
      consecutiveFailures: 1,
      failingSince: expect.any(String) as unknown,
    });

    const enabled = await posthorn.call('POST', `/tenants/t/destinations/${destination.id}/enable`);
    expect(enabled.body).toMatchObject({ enabled: true, disabledReason: null });
    expect(await deliveryOf(eventId, 'delivered')).toMatchObject({ attemptCount: 2 });
    expect(receiver.requests('/gone')).toHaveLength(2);
    await heard('destination.recovered', { destinationId: destination.id, wasDisabled: true });
    expect(told('destination.disabled', { destinationId: destination.id })).toHaveLength(1);
  });

  it('that a destination does nothing but fail, and disables it', async () => {
    receiver.answer('/failing', 500);
    const destination = await subscribe('/failing', ['failing.*']);
    const now = await until('the destination to be disabled', async () => {
      await publish('failing.thing');
      await setTimeout(100);
      const { body } = await posthorn.call<Destination>('GET', `/tenants/t/destinations/${destination.id}`);
      return !body.enabled && body;
    });
    expect(now.disabledReason).toBe('every attempt has failed for 2s');
    const { data } = await heard('destination.disabled', { destinationId: destination.id });
    expect(data['consecutiveFailures']).toBeGreaterThanOrEqual(3);
  });

  it('that a delivery was given up, and that its destination works again', async () => {
    receiver.answer('/broken', 500, 500, 503, 200);
    const destination = await subscribe('/broken?token=secret', ['broken.*']);
    const eventId = await publish('broken.thing');
    const { id } = await deliveryOf(eventId, 'failed');
    const { data } = await heard('delivery.failed', { eventId });
    expect(data).toEqual({
      tenantId: 't',
      destinationId: destination.id,
      eventId,
      eventType: 'broken.thing',
      deliveryId: id,
      attempts: 3,
      statusCode: 503,
      errorClass: 'http_5xx',
    });
    await deliveryOf(await publish('broken.again'), 'delivered');
    const recovered = await heard('destination.recovered', { destinationId: destination.id });
    expect(recovered.data).toMatchObject({ consecutiveFailures: 3, url: receiver.url('/broken') });
  });

  it('nothing of what befalls its own events, so that bad news does not breed', async () => {
    for (const path of ['/first', '/second', '/operator/broken']) receiver.answer(path, 500);
    await subscribe('/first', ['breeding.first']);
    await subscribe('/second', ['breeding.second']);
    const deaf = await subscribe('/operator/broken', ['delivery.failed'], 'posthorn');
    await heard('delivery.failed', { eventId: await publish('breeding.first') });
    await until('the news to fail at one of the operator’s own destinations', async () => {
      const path = `/tenants/posthorn/deliveries?status=failed&destinationId=${deaf.id}`;
      return (await posthorn.call<{ data: object[] }>('GET', path)).body.data.length > 0;
    });
    await heard('delivery.failed', { eventId: await publish('breeding.second') });
    expect(told('delivery.failed', { tenantId: 'posthorn' })).toEqual([]);
  });

  it('once the registry is back, that an endpoint was found gone while it was away', async () => {
    receiver.answer('/gone-meanwhile', 410);
    const destination = await subscribe('/gone-meanwhile', ['meanwhile.*']);
    const registry = posthorn.service('registry');
    process.kill(registry.pid, 'SIGSTOP');
    try {
      await deliveryOf(await publish('meanwhile.thing'), 'held');
    } finally {
      // Longer than a request waits for its answer.
      await setTimeout(6000);
      process.kill(registry.pid, 'SIGCONT');
    }
    await heard('destination.disabled', { destinationId: destination.id });
    expect((await disabled(destination)).disabledReason).toBe('endpoint answered 410 Gone');
  });

  it('that a message was parked', async () => {
    await posthorn.publishOverAmqp('nobody', '{"type":"a.b","data":1}');
    const { data } = await heard('message.parked', { queue: 'gateway.ingest-event' });
    expect(data).toMatchObject({
      reason: expect.stringContaining('not_found') as unknown,
      at: expect.any(String) as unknown,
    });
  });
});
