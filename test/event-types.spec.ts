import { RunningPosthorn, until } from '#libs/testing';

interface Batch {
  readonly data: readonly { readonly id?: string; readonly error?: { readonly code: string } }[];
}

describe('an event type', () => {
  let posthorn: RunningPosthorn;

  beforeAll(async () => {
    posthorn = await RunningPosthorn.start('event-types', {
      POSTHORN_SCALE: 'gateway=2',
      MAX_EVENT_TYPES: '6',
    });
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(() => posthorn.stop(), 120_000);

  const schema = {
    type: 'object',
    properties: { amount: { type: 'integer' }, code: { type: 'string', pattern: '^[A-Z]{3}$' } },
    required: ['amount'],
  };
  const put = (name: string, input: object) => posthorn.call('PUT', `/event-types/${name}`, input);
  const publish = (type: string, data: unknown) => posthorn.call('POST', '/tenants/t/events', { type, data });

  it('is registered, shown, changed and forgotten', async () => {
    const input = { description: 'Paid', schema, example: { amount: 1, code: 'EUR' }, deprecated: true };
    const created = await put('bill.paid', input);
    expect([created.status, created.body]).toMatchObject([201, { name: 'bill.paid', ...input }]);
    expect(await posthorn.call('GET', '/event-types/bill.paid')).toMatchObject({
      status: 200,
      body: created.body,
    });
    expect((await posthorn.call('GET', '/event-types')).body).toMatchObject({
      data: [{ name: 'bill.paid' }],
    });
    const changed = await put('bill.paid', {});
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { description: '', schema: null, example: null, deprecated: false },
    ]);
    expect((await posthorn.call('DELETE', '/event-types/bill.paid')).status).toBe(204);
    expect((await posthorn.call('GET', '/event-types/bill.paid')).status).toBe(404);
    expect((await posthorn.call('DELETE', '/event-types/bill.paid')).status).toBe(404);
    expect((await put('bill.paid', {})).status).toBe(201);
  });

  it('holds data to its schema from the answer on, at both doors', async () => {
    expect((await publish('sale.made', { amount: 'much' })).status).toBe(202);
    await put('sale.made', { schema });
    const refused = await publish('sale.made', { amount: 'much', code: 'eur' });
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { code: 'schema_mismatch', errors: [{ path: 'data.amount' }, { path: 'data.code' }] },
    ]);
    expect((await publish('sale.made', { amount: 1 })).status).toBe(202);
    const batch = await posthorn.call<Batch>(
      'POST',
      '/tenants/t/events/batch',
      '[{"type":"sale.made","data":{}},{"type":"sale.made","data":{"amount":2}}]',
    );
    expect(batch.body.data).toMatchObject([
      { error: { code: 'schema_mismatch' } },
      { id: expect.any(String) as string },
    ]);
    await posthorn.publishOverAmqp('t', '{"id":"wrong-sale","type":"sale.made","data":1}');
    await until('the parked message', async () => {
      const parked = await posthorn.call<{ data: { reason: string }[] }>(
        'GET',
        '/parked?queue=gateway.ingest-event',
      );
      return parked.body.data.some(({ reason }) => reason.startsWith('schema_mismatch'));
    });
    await posthorn.call('DELETE', '/event-types/sale.made');
    expect((await publish('sale.made', 'anything')).status).toBe(202);
  });

  it('may have hyphens, colons and slashes in its name', async () => {
    const name = 'com.my-shop:orders/created';
    const path = encodeURIComponent(name);
    expect((await put(path, { schema: { type: 'integer' } })).status).toBe(201);
    expect((await posthorn.call('GET', `/event-types/${path}`)).body).toMatchObject({ name });
    expect((await publish(name, 'x')).status).toBe(422);
    expect((await publish(name, 1)).status).toBe(202);
    expect((await posthorn.call('DELETE', `/event-types/${path}`)).status).toBe(204);
  });

  it('judges amounts by their digits', async () => {
    await put('amount.paid', { schema: { properties: { amount: { multipleOf: 0.01 } } } });
    const statuses = await Promise.all(
      ['19.99', '0.07', '1.13', '4.35', '19.995'].map(async (amount) => {
        const { status } = await posthorn.call(
          'POST',
          '/tenants/t/events',
          `{"type":"amount.paid","data":{"amount":${amount}}}`,
        );
        return status;
      }),
    );
    expect(statuses).toEqual([202, 202, 202, 202, 422]);
    const answer = await posthorn.call(
      'PUT',
      '/event-types/amount.paid',
      '{"schema":{"properties":{"amount":{"maximum":9007199254740993}}}}',
    );
    expect([answer.status, answer.body]).toMatchObject([
      422,
      { errors: [{ path: 'schema.properties.amount.maximum' }] },
    ]);
    await posthorn.call('DELETE', '/event-types/amount.paid');
  });

  it.each([
    ['another name', 'a..b', {}, 'name'],
    ['a schema that is none', 'a', { schema: { type: 'text' } }, 'schema'],
    ['an example that does not match', 'a', { schema, example: { amount: 'x' } }, 'example.amount'],
    ['a reference to elsewhere', 'a', { schema: { $ref: 'https://example.com/' } }, 'schema/$ref'],
    ['what is no field of it', 'a', { colour: 1 }, 'colour'],
  ])('is refused for %s', async (_, name, input, path) => {
    const answer = await put(name, input);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ path }] }]);
  });

  it('is known to other gateways soon', async () => {
    const [first, second] = posthorn.run.services.flatMap(({ apiUrl }) =>
      apiUrl === undefined ? [] : [apiUrl],
    );
    expect(second).toBeDefined();
    await put('known.everywhere', { schema });
    posthorn.chooseGateway = () => String(second);
    await until(
      'the other gateway to go by it',
      async () => (await publish('known.everywhere', 1)).status === 422,
    );
    posthorn.chooseGateway = () => String(first);
  });

  it('is one of as many as there may be', async () => {
    const { body } = await posthorn.call<{ data: unknown[] }>('GET', '/event-types');
    for (let count = body.data.length; count < 6; count++)
      expect((await put(`room.for_${count}`, {})).status).toBe(201);
    expect(await put('one.more', {})).toMatchObject({ status: 409, body: { code: 'limit_reached' } });
    expect((await put('known.everywhere', { description: 'changed' })).status).toBe(200);
    await posthorn.call('DELETE', '/event-types/known.everywhere');
    expect((await put('one.more', {})).status).toBe(201);
  });

  describe('an id that its publisher chose', () => {
    const publishEvent = (event: object, headers = {}) =>
      posthorn.call<Record<string, unknown>>('POST', '/tenants/t/events', event, headers);

    it('is answered alone, and what is published again under it is recorded as a repeat', async () => {
      const id = 'repeat:1';
      const made = await publishEvent({ type: 'repeat.made', data: 1 });
      expect(Object.keys(made.body)).toEqual(['id', 'type', 'timestamp']);
      expect(
        (await publishEvent({ type: 'repeat.made', data: 1 }, { 'idempotency-key': 'k1' })).body,
      ).toEqual({
        id: expect.any(String) as string,
      });
      expect((await publishEvent({ id, type: 'repeat.made', data: 1 })).body).toEqual({ id });
      // Right after its acceptance: without waiting here.
      const shown = await posthorn.call<Record<string, unknown>>('GET', `/tenants/t/events/${id}`);
      expect([shown.status, shown.body['repeats']]).toEqual([200, undefined]);
      const repeats = async (count: number) =>
        until(`${count} repeats`, async () => {
          const { body } = await posthorn.call<{ repeats?: { count: number } }>(
            'GET',
            `/tenants/t/events/${id}`,
          );
          return body.repeats?.count === count ? body : undefined;
        });
      await publishEvent({ id, type: 'repeat.made', data: 1 });
      expect(await repeats(1)).toMatchObject({ data: 1, repeats: { contentDiffered: false } });
      await publishEvent({ id, type: 'repeat.made', data: 2 });
      expect(await repeats(2)).toMatchObject({ data: 1, repeats: { contentDiffered: true } });
      expect((await posthorn.call('GET', `/tenants/t/events/${id}/explain`)).body).toMatchObject({
        repeats: { count: 2, lastAt: expect.any(String) as string, contentDiffered: true },
      });
    });
  });
});
