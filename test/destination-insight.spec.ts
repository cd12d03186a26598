import { behave, RunningPosthorn, type Subscribed, until, WebhookReceiver } from '#libs/testing';
import { Webhook } from 'standardwebhooks';

interface Explanation {
  readonly destinations: readonly {
    readonly destinationId: string;
    readonly reason: string;
    readonly detail: string;
    readonly basis: string;
  }[];
}

describe('what Posthorn tells of a destination', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('destination-insight', {
      RETRY_SCHEDULE: '200ms',
      RETRY_JITTER: '0',
    });
    for (const tenant of ['t', 'u']) await posthorn.call('PUT', `/tenants/${tenant}`, {});
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const make = (path: string, rest: object) =>
    posthorn.subscribe<Subscribed & { warnings?: object[] }>('t', { url: receiver.url(path), ...rest });
  const on = (method: string, id: string, path: string, body?: unknown) =>
    posthorn.call(method, `/tenants/t/destinations/${id}${path}`, body);
  const publish = (type: string, data: unknown) => posthorn.publish('t', { type, data });
  const statusOf = async (eventId: string): Promise<unknown> => {
    const { body } = await posthorn.call<{ data: { status: string }[] }>(
      'GET',
      `/tenants/t/deliveries?eventId=${eventId}`,
    );
    return body.data[0]?.status;
  };
  const untilIs = (eventId: string, status: string): Promise<unknown> =>
    until(`${eventId} ${status}`, async () => (await statusOf(eventId)) === status);

  describe('a test', () => {
    it('sends a signed webhook now, and answers with what came of it', async () => {
      const { id, secret } = await make('/tested', { eventTypes: ['none'], headers: { 'X-Team': 'a' } });
      receiver.answer('/tested', behave.respond({ body: 'thanks' }), 503);
      const answer = await on('POST', id, '/test');
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        eventType: 'posthorn.test',
        result: 'delivered',
        statusCode: 200,
        errorClass: null,
        responseBody: 'thanks',
      });
      const [request] = await receiver.received('/tested');
      expect(request?.headers).toMatchObject({ 'webhook-id': answer.body['eventId'], 'x-team': 'a' });
      const verified = new Webhook(secret!).verify(
        request!.body.toString(),
        request!.headers as Record<string, string>,
      );
      expect(verified).toMatchObject({ type: 'posthorn.test' });
      expect((await on('POST', id, '/test', { eventType: 'invoice.paid' })).body).toMatchObject({
        eventType: 'invoice.paid',
        result: 'refused',
        statusCode: 503,
        errorClass: 'http_5xx',
      });
    });

    it('of an event type sends the example that it is registered with', async () => {
      const { id } = await make('/example', { eventTypes: ['none'] });
      const example = { sale: 'sl_1', total: 4200, constructor: null };
      await posthorn.call('PUT', '/event-types/sale.made', { example });
      expect((await on('POST', id, '/test', { eventType: 'sale.made' })).status).toBe(200);
      await posthorn.call('PUT', '/event-types/sale.made', {});
      await on('POST', id, '/test', { eventType: 'sale.made' });
      const bodies = (await receiver.received('/example', 2)).map(({ body }) => JSON.parse(body.toString()));
      expect(bodies).toMatchObject([
        { type: 'sale.made', data: example },
        { type: 'sale.made', data: { message: expect.any(String) as string } },
      ]);
    });

    it('runs once at a time for a destination and five times for a tenant, and leaves room for others', async () => {
      receiver.answer('/hanging', behave.hang());
      const settings = { eventTypes: ['none'], timeoutMs: 3000 };
      const ids = await Promise.all(
        Array.from({ length: 6 }, async () => (await make('/hanging', settings)).id),
      );
      const hanging = ids.slice(0, 5).map((id) => on('POST', id, '/test'));
      await receiver.received('/hanging', 5);
      for (const id of [ids[0]!, ids[5]!]) {
        const refused = await on('POST', id, '/test');
        expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const { id } = await posthorn.subscribe('u', { url: receiver.url('/quick'), eventTypes: ['none'] });
      const quick = await posthorn.call('POST', `/tenants/u/destinations/${id}/test`);
      expect(quick).toMatchObject({ status: 200, body: { result: 'delivered' } });
      for (const answer of await Promise.all(hanging)) expect(answer.status).toBe(200);
      expect(receiver.requests('/hanging')).toHaveLength(5);
    });

    it('is done once, whatever comes of it, counts nowhere, and is in no history', async () => {
      const { id } = await make('/silent', { eventTypes: ['none'], timeoutMs: 1000 });
      await on('POST', id, '/disable');
      receiver.answer('/silent', behave.hang());
      let eventId = '';
      for (let count = 0; count < 5; count += 1) {
        const answer = await on('POST', id, '/test');
        expect(answer).toMatchObject({
          status: 200,
          body: { result: 'unreachable', errorClass: 'timeout', statusCode: null },
        });
        eventId = String(answer.body['eventId']);
      }
      expect(receiver.requests('/silent')).toHaveLength(5);
      expect((await on('GET', id, '/stats')).body).toMatchObject({
        lastHour: { attempts: 0, successRate: null },
        circuit: { open: false, unanswered: 0 },
      });
      expect((await posthorn.call('GET', `/tenants/t/events/${eventId}`)).status).toBe(404);
    });

    it('goes by the change that was made just before it', async () => {
      const { id } = await make('/before', { eventTypes: ['none'] });
      for (let round = 0; round < 5; round++) {
        await on('PATCH', id, '', { url: receiver.url(`/changed/${round}`) });
        await on('POST', id, '/test');
        expect(receiver.requests(`/changed/${round}`)).toHaveLength(1);
      }
    });

    it('is refused for what is no event type, and is not found elsewhere', async () => {
      const { id } = await make('/refused', { eventTypes: ['none'] });
      expect((await on('POST', id, '/test', { eventType: 'a..b' })).status).toBe(422);
      expect((await on('POST', 'dst_no', '/test')).status).toBe(404);
      expect((await posthorn.call('POST', `/tenants/u/destinations/${id}/test`)).status).toBe(404);
      expect((await posthorn.call('GET', `/tenants/u/destinations/${id}/stats`)).status).toBe(404);
      expect(receiver.requests('/refused')).toEqual([]);
    });
  });

  it('counts attempts, and what waits', async () => {
    const { id } = await make('/counted', { eventTypes: ['counted.*'] });
    receiver.answer('/counted', 500, 200, 200);
    const eventIds = [await publish('counted.thing', 1), await publish('counted.thing', 2)];
    for (const eventId of eventIds) await untilIs(eventId, 'delivered');
    await on('POST', id, '/disable');
    await untilIs(await publish('counted.thing', 3), 'held');
    const { body } = await on('GET', id, '/stats');
    expect(body).toMatchObject({
      destinationId: id,
      lastHour: { attempts: 3, delivered: 2, failed: 1, successRate: 0.6667 },
      lastWeek: { attempts: 3 },
      waiting: { pending: 0, retrying: 0, held: 1, hasMore: false },
      circuit: { open: false },
    });
    expect(body['lastDeliveredAt']).toEqual(expect.any(String));
    expect(body['lastFailedAt']).toEqual(expect.any(String));
  });

  it('warns of a filter that can never match, when it is set', async () => {
    const input = { eventTypes: ['warned.*'], filter: { colour: ['red'], type: ['warned.*'] } };
    const { id, warnings } = await make('/warned', input);
    expect(warnings).toMatchObject([{ path: 'filter.colour' }, { path: 'filter.type[0]' }]);
    expect((await on('PATCH', id, '', { description: 'x' })).body['warnings']).toEqual(warnings);
    expect((await on('GET', id, '')).body).not.toHaveProperty('warnings');
    const { body } = await on('PATCH', id, '', { filter: { colour: null, type: ['warned.thing'] } });
    expect(body).not.toHaveProperty('warnings');
  });

  it('filters by the attributes of a CloudEvent, and takes a star alone for every type', async () => {
    const filter = { source: [{ prefix: '/orders/' }], extensions: { region: ['eu'] } };
    await make('/by-source', { eventTypes: ['*'], filter });
    for (const [id, region] of [
      ['ce-1', 'us'],
      ['ce-2', 'eu'],
    ]) {
      const event = { specversion: '1.0', id, type: 'by.source', source: '/orders/1', region, data: id };
      const headers = { 'content-type': 'application/cloudevents+json' };
      await posthorn.call('POST', '/tenants/t/events', JSON.stringify(event), headers);
    }
    const [request] = await receiver.received('/by-source', 1);
    expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({ data: 'ce-2' });
  });

  it('explains why each destination did or did not get an event', async () => {
    receiver.answer('/why/failing', 500);
    const delivered = await make('/why/delivered', { eventTypes: ['why.*'] });
    const failing = await make('/why/failing', { eventTypes: ['why.*'] });
    const disabled = await make('/why/disabled', { eventTypes: ['why.*'] });
    const otherType = await make('/why/other', { eventTypes: ['user.*', 'order.#'] });
    const filtered = await make('/why/filtered', { filter: { data: { amount: [{ numeric: ['>', 100] }] } } });
    const changed = await make('/why/changed', { eventTypes: ['user.*'] });
    await on('POST', disabled.id, '/disable');
    const eventId = await publish('why.thing', { amount: 100 });
    const later = await make('/why/later', { eventTypes: ['why.*'] });
    await on('PATCH', changed.id, '', { eventTypes: ['why.#'] });

    const explained = await until('all that is recorded', async () => {
      const answer = await posthorn.call<Explanation>('GET', `/tenants/t/events/${eventId}/explain`);
      const reasons = answer.body.destinations?.map(({ reason }) => reason) ?? [];
      return (
        ['delivered', 'failed', 'destination_disabled', 'filter_mismatch'].every((reason) =>
          reasons.includes(reason),
        ) && answer.body
      );
    });
    const of = ({ id }: Subscribed) =>
      explained.destinations.find(({ destinationId }) => destinationId === id);
    expect(of(delivered)).toMatchObject({
      delivered: true,
      basis: 'recorded',
      detail: 'Delivered at attempt 1.',
    });
    expect(of(failing)).toMatchObject({
      reason: 'failed',
      attempts: 2,
      detail: 'Given up after 2 attempts; the last one was answered 500.',
    });
    expect(of(disabled)).toMatchObject({ reason: 'destination_disabled' });
    expect(of(otherType)).toMatchObject({ reason: 'event_type_mismatch', basis: 'reconstructed' });
    expect(of(otherType)?.detail).toContain('user.*, order.#');
    expect(of(filtered)).toMatchObject({ reason: 'filter_mismatch' });
    expect(of(filtered)?.detail).toContain('data.amount');
    expect(of(later)).toMatchObject({ reason: 'created_after_event' });
    expect(of(changed)).toMatchObject({ reason: 'changed_since' });
    expect((await posthorn.call('GET', `/tenants/u/events/${eventId}/explain`)).status).toBe(404);
  });
});
