import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

interface Batch {
  readonly data: readonly { readonly id?: string; readonly error?: { readonly code: string } }[];
}

const odd =
  '{"a":1.0,"b":9007199254740993,"c":"\\u0000","__proto__":1,"d":1,"d":2,"e":"\\ud800","f":1e400,"g":-0}';

describe('publishing', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('publishing', { MAX_BATCH_BYTES: '2000000' });
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribe = async (path: string, settings: object): Promise<void> => {
    const destination = { url: receiver.url(path), ...settings };
    const answer = await posthorn.call('POST', '/tenants/t/destinations', destination);
    expect(answer.status).toBe(201);
  };

  const publishBatch = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    posthorn.call<Batch>('POST', '/tenants/t/events/batch', body, headers);

  const bodies = (path: string): string[] => receiver.requests(path).map(({ body }) => body.toString());

  describe('a batch', () => {
    it('of a thousand is accepted in order, and each is delivered byte for byte', async () => {
      await subscribe('/thousand', { eventTypes: ['batch.thousand'], maxConcurrency: 100 });
      const events = Array.from(
        { length: 1000 },
        (_, n) => `{"id":"b-${n}","type":"batch.thousand","data": [${n}.0] }`,
      );
      const answer = await publishBatch(`[${events.join(' ,\n')}]`);
      expect(answer.status).toBe(202);
      expect(answer.body.data).toEqual(events.map((_, n) => ({ id: `b-${n}` })));
      await until('a thousand webhooks', async () => receiver.requests('/thousand').length >= 1000);
      const data = bodies('/thousand').map((body) => String(/"data":(.*)}$/.exec(body)?.[1]));
      expect(data.toSorted()).toEqual(events.map((_, n) => `[${n}.0]`).toSorted());
    });

    it('has its good events accepted and its bad ones refused, each in its place', async () => {
      await subscribe('/mixed', { eventTypes: ['batch.mixed'] });
      const answer = await publishBatch(
        `[{"id":"m-1","type":"batch.mixed","data":${odd}},7,{"type":"batch.mixed"},` +
          `{"type":"a b","data":1},{"type":"batch.mixed","data":1,"data":2},` +
          `{"type":"batch.mixed","data":"${'x'.repeat(262_144)}"},{"id":"m-1","type":"batch.mixed","data":2}]`,
      );
      expect(answer.status).toBe(202);
      expect(answer.body.data.map(({ id, error }) => id ?? error?.code)).toEqual([
        'm-1',
        'invalid_json',
        'validation_failed',
        'validation_failed',
        'invalid_json',
        'payload_too_large',
        'm-1',
      ]);
      expect(answer.body.data[2]?.error).toMatchObject({ status: 422, errors: [{ path: 'data' }] });
      const [request] = await receiver.received('/mixed');
      expect(request?.body.toString()).toMatch(/^{"type":"batch.mixed","timestamp":"[^"]+","data":/);
      expect(bodies('/mixed').join()).toContain(`"data":${odd}}`);
    });

    it('gets the same ids again under one Idempotency-Key', async () => {
      const publish = () =>
        publishBatch('[{"type":"b","data":1},{"type":"b","data":2}]', { 'idempotency-key': 'k' });
      const [first, second] = [await publish(), await publish()];
      expect(second.body).toEqual(first.body);
      expect(first.body.data[0]?.id).not.toBe(first.body.data[1]?.id);
    });

    it.each([
      ['no event', '[]', 422, 'validation_failed'],
      ['1,001 events', `[${Array(1001).fill('{"type":"a","data":1}').join()}]`, 422, 'validation_failed'],
      ['many small items', `[${Array(900_000).fill('1').join()}]`, 422, 'validation_failed'],
      ['something that is no array', '{"type":"a","data":1}', 400, 'invalid_json'],
      ['a broken end', '[{"type":"a","data":1}', 400, 'invalid_json'],
      ['bytes that are no text', new Uint8Array([0x5b, 0xff, 0x5d]), 400, 'invalid_utf8'],
      ['nesting without end', `[{"type":"a","data":${'['.repeat(100_000)}`, 400, 'json_too_deep'],
      [
        'more than MAX_BATCH_BYTES',
        `[{"type":"a","data":"${'x'.repeat(2_000_000)}"}]`,
        413,
        'payload_too_large',
      ],
    ])('is refused as a whole for %s', async (_, body, status, code) => {
      const answer = await publishBatch(body);
      expect([answer.status, answer.body]).toMatchObject([status, { code }]);
    });
  });

  describe('an odd body', () => {
    const publish = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
      posthorn.call<{ code?: string }>('POST', '/tenants/t/events', body, headers);

    it.each([
      ['a raw NUL', '{"type":"a","data":"\u0000"}'],
      ['a byte order mark', '\uFEFF{"type":"a","data":1}'],
      ['NaN', '{"type":"a","data":NaN}'],
      ['a trailing comma', '{"type":"a","data":1,}'],
      ['two documents', '{"type":"a","data":1}{"type":"a","data":1}'],
      ['nothing', ''],
      ['a name twice', '{"type":"a","type":"b","data":1}'],
      ['__proto__', '{"type":"a","data":1,"__proto__":{}}'],
    ])('is refused for %s', async (_, body) => {
      const answer = await publish(body);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_json']);
    });

    it.each([65, 100_000])('is refused for %i levels', async (levels) => {
      const answer = await publish(`{"type":"a","data":${'['.repeat(levels)}${']'.repeat(levels)}}`);
      expect([answer.status, answer.body.code]).toEqual([400, 'json_too_deep']);
    });

    it('is taken up to the limit, and refused one byte beyond', async () => {
      const ofSize = (bytes: number) => publish(`{"type":"limit","data":"${'x'.repeat(bytes - 2)}"}`);
      expect((await ofSize(262_144)).status).toBe(202);
      expect((await ofSize(262_145)).status).toBe(413);
    });

    it('is refused when it is compressed', async () => {
      const answer = await publish('{"type":"a","data":1}', { 'content-encoding': 'gzip' });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
    });

    it('is refused when it is sent in pieces without end', async () => {
      const { apiUrl, apiKey } = posthorn.run;
      const piece = new Uint8Array(65_536).fill(0x20);
      const response = await fetch(`${apiUrl}/v1/tenants/t/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: new ReadableStream({ pull: (controller) => controller.enqueue(piece) }),
        duplex: 'half',
      });
      expect(response.status).toBe(413);
    });
  });
});
