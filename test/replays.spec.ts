import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

interface Delivery {
  readonly id: string;
  readonly tenantId: string;
  readonly status: string;
  readonly attemptCount: number;
}

interface Replay {
  readonly id: string;
  readonly state: string;
  readonly matched: number;
  readonly done: number;
}

interface List<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

describe('deliveries again, in a running Posthorn', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('replays', { RETRY_SCHEDULE: '200ms', RETRY_JITTER: '0' });
    for (const tenant of ['t', 'u']) await posthorn.call('PUT', `/tenants/${tenant}`, {});
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribe = async (path: string, type: string, tenant = 't'): Promise<string> =>
    (await posthorn.subscribe(tenant, { url: receiver.url(path), eventTypes: [type] })).id;

  const publish = (type: string, tenant = 't') => posthorn.publish(tenant, { type, data: { a: 1 } });

  const deliveriesOf = async (query: string): Promise<Delivery[]> =>
    (await posthorn.call<List<Delivery>>('GET', `/tenants/t/deliveries?${query}`)).body.data;

  const deliveryOf = (eventId: string, status: string, attemptCount: number): Promise<Delivery> =>
    until(`a delivery of ${eventId} that is ${status} after ${attemptCount}`, async () =>
      (await deliveriesOf(`eventId=${eventId}`)).find(
        (delivery) => delivery.status === status && delivery.attemptCount === attemptCount,
      ),
    );

  const over = (id: string): Promise<Replay> =>
    until(
      `the replay ${id} to be over`,
      async () => {
        const { body } = await posthorn.call<Replay>('GET', `/tenants/t/replays/${id}`);
        return body.state === 'completed' && body;
      },
      30_000,
    );

  const range = () => ({ after: '2020-01-01', before: new Date(Date.now() + 60_000).toISOString() });

  it('a failed delivery that is retried goes on with its attempts, under the same webhook-id', async () => {
    receiver.answer('/mended', 500, 500, 500, 200);
    await subscribe('/mended', 'mended.*');
    const eventId = await publish('mended.thing');
    const { id } = await deliveryOf(eventId, 'failed', 2);
    const answer = await posthorn.call('POST', `/tenants/t/deliveries/${id}/retry`);
    expect(answer).toMatchObject({ status: 202, body: { id, attemptCount: 2 } });
    await deliveryOf(eventId, 'delivered', 4);
    const ids = receiver.requests('/mended').map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([eventId, eventId, eventId, eventId]);
    const path = `/tenants/t/deliveries/${id}/attempts?limit=3`;
    const first = await posthorn.call<List<{ number: number }>>('GET', path);
    expect(first.body.data.map(({ number }) => number)).toEqual([1, 2, 3]);
    const rest = await posthorn.call('GET', `${path}&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ data: [{ number: 4, statusCode: 200 }], nextCursor: null });
    const others = await posthorn.call('POST', `/tenants/u/deliveries/${id}/retry`);
    expect(others.status).toBe(404);
  });

  it('an event goes again to all that match now, also to a destination that is newer, or to those named', async () => {
    const older = await subscribe('/older', 'again.*');
    const eventId = await publish('again.thing');
    await deliveryOf(eventId, 'delivered', 1);
    const newer = await subscribe('/newer', 'again.#');
    const unlike = await subscribe('/unlike', 'unlike.*');
    const replay = (body: object) => posthorn.call('POST', `/tenants/t/events/${eventId}/replay`, body);
    // That it was routed is written after what came of it.
    const replayed = await until('the event to be known as routed', async () => {
      const answer = await replay({});
      return answer.status === 503 ? undefined : answer;
    });
    expect(replayed).toMatchObject({ status: 202, body: { eventId, matched: 2, done: 2 } });
    await receiver.received('/older', 2);
    await receiver.received('/newer', 1);
    expect((await replay({ destinationIds: [unlike] })).status).toBe(202);
    await receiver.received('/unlike', 1);
    expect(receiver.requests('/older')).toHaveLength(2);
    const unknown = await replay({ destinationIds: [older, 'dst_none', newer] });
    expect(unknown).toMatchObject({ status: 404, body: { errors: [{ path: 'destinationIds[1]' }] } });
    expect((await posthorn.call('POST', '/tenants/u/events/none/replay')).status).toBe(404);
    await posthorn.call('DELETE', `/tenants/t/destinations/${older}`);
    const [gone] = await deliveriesOf(`destinationId=${older}`);
    expect(await posthorn.call('POST', `/tenants/t/deliveries/${gone?.id}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'destination_deleted' },
    });
  });

  it('many go again as a job that outlives its process and keeps to its rate', async () => {
    const destinationId = await subscribe('/many', 'many.*');
    await Promise.all(Array.from({ length: 60 }, () => publish('many.things')));
    await receiver.received('/many', 60);
    await until('all of them to be delivered', async () => {
      const delivered = await deliveriesOf(`destinationId=${destinationId}&status=delivered&limit=100`);
      return delivered.length === 60;
    });
    const filter = { ...range(), destinationId, eventTypes: ['many.#'], statuses: ['delivered'] };
    const start = (changes: object) =>
      posthorn.call<Replay>('POST', '/tenants/t/replays', { ...filter, ...changes });
    const again = (body: object) =>
      posthorn.call<Replay>(
        'POST',
        '/tenants/t/replays',
        { ...filter, ...body },
        { 'idempotency-key': 'dry' },
      );
    const dry = await again({ dryRun: true });
    expect(dry.status).toBe(202);
    expect((await again({ dryRun: true })).body.id).toBe(dry.body.id);
    expect(await again({})).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await over(dry.body.id)).toMatchObject({ matched: 60, done: 0 });
    const { body } = await start({ ratePerSecond: 20 });
    await receiver.received('/many', 80);
    for (const { name, pid } of posthorn.run.services) if (name === 'ledger') process.kill(pid, 'SIGKILL');
    expect(await over(body.id)).toMatchObject({ matched: 60, done: 60, skipped: 0 });
    await receiver.received('/many', 120);
    const counts = Map.groupBy(receiver.requests('/many'), ({ headers }) => headers['webhook-id']);
    expect([...counts.values()].map((requests) => requests.length)).toEqual(Array(60).fill(2));
  });

  it('a job that is cancelled says how far it came', async () => {
    await subscribe('/slowly', 'slowly.*');
    for (let count = 0; count < 3; count++) await deliveryOf(await publish('slowly.thing'), 'delivered', 1);
    const { body } = await posthorn.call<Replay>('POST', '/tenants/t/replays', {
      ...range(),
      eventTypes: ['slowly.thing'],
      ratePerSecond: 0.01,
    });
    await receiver.received('/slowly', 4);
    const cancelled = await posthorn.call('POST', `/tenants/t/replays/${body.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled', matched: 3, done: 1 } });
    const { body: list } = await posthorn.call<List<Replay>>('GET', '/tenants/t/replays?limit=1');
    expect(list.data).toMatchObject([{ id: body.id, state: 'cancelled' }]);
    expect((await posthorn.call('GET', `/tenants/u/replays/${body.id}`)).status).toBe(404);
    const backwards = { after: '2026-01-02', before: '2026-01-01' };
    expect((await posthorn.call('POST', '/tenants/t/replays', backwards)).status).toBe(422);
  });

  it('the operator sees events and deliveries of all tenants, filtered like one tenant’s', async () => {
    await subscribe('/of-u', 'seen.*', 'u');
    const eventId = await publish('seen.thing', 'u');
    await receiver.received('/of-u', 1);
    const seen = await until('the delivery in the list of all', async () => {
      const { body } = await posthorn.call<List<Delivery>>('GET', '/deliveries?eventType=seen.thing');
      return body.data[0];
    });
    expect(seen).toMatchObject({ tenantId: 'u', eventId });
    const events = await until('the event in the list of all', async () => {
      const { body } = await posthorn.call<List<{ id: string }>>('GET', '/events?limit=1');
      return body.data[0]?.id === eventId ? body : undefined;
    });
    expect(events.data).toMatchObject([{ id: eventId, tenantId: 'u' }]);
    const older = await posthorn.call('GET', `/events?limit=1&cursor=${events.nextCursor}`);
    expect(older.body).toMatchObject({ data: [{ tenantId: 't' }] });
    const none = await posthorn.call('GET', '/deliveries?tenantId=t&eventType=seen.thing');
    expect(none.body).toMatchObject({ data: [], nextCursor: null });
    for (const query of ['after=2026-W01', 'before=soon', 'tenant=t'])
      expect((await posthorn.call('GET', `/deliveries?${query}`)).status).toBe(400);
  });
});
