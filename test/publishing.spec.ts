import { request as openRequest } from 'node:http';
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
    await posthorn.subscribe('t', { url: receiver.url(path), ...settings });
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
      await until('a thousand webhooks', async () => receiver.requests('/thousand').length >= 1000, 60_000);
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

    it('may begin with a byte order mark, over HTTP and AMQP', async () => {
      await subscribe('/marked', { eventTypes: ['marked'], format: 'raw' });
      expect((await publish('\uFEFF{"type":"marked","data":1.0}')).status).toBe(202);
      await posthorn.publishOverAmqp('t', '\uFEFF{"type":"marked","data":1.0}');
      await receiver.received('/marked', 2);
      expect(bodies('/marked')).toEqual(['1.0', '1.0']);
    });

    it.each([
      '2026-01-01T24:00:00Z',
      '2026-02-30T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '2026-01-01T00:00:00+23:59',
      '2026-06-30T23:59:60Z',
    ])('is refused for the time %s', async (time) => {
      const event = JSON.stringify({ type: 'a', timestamp: time, data: 1 });
      expect(await publish(event)).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'timestamp', message: expect.stringContaining('RFC 3339') as string }] },
      });
      expect((await publishBatch(`[${event}]`)).body.data[0]?.error?.code).toBe('validation_failed');
      for (const list of ['events', 'deliveries'])
        expect(
          await posthorn.call('GET', `/tenants/t/${list}?after=${encodeURIComponent(time)}`),
        ).toMatchObject({ status: 400, body: { code: 'invalid_query', errors: [{ path: 'after' }] } });
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
      const sending = openRequest(`${apiUrl}/v1/tenants/t/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      });
      const answer = Promise.withResolvers<number | undefined>();
      sending.on('error', answer.reject);
      sending.once('response', ({ statusCode }) => answer.resolve(statusCode));
      const piece = Buffer.alloc(65_536, ' ');
      const sendOn = (): void => {
        while (!sending.destroyed && sending.write(piece)) continue;
      };
      sending.on('drain', sendOn);
      sendOn();
      expect(await answer.promise).toBe(413);
      sending.destroy();
    });
  });

  describe('a CloudEvent', () => {
    const publish = (body: string, headers: Readonly<Record<string, string>>, path = '/tenants/t/events') =>
      posthorn.call<Batch & { id: string }>('POST', path, body, headers);
    const ceHeaders = (id: string, type: string) => ({
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-type': type,
      'ce-source': '/orders',
      'ce-tenantref': 'x',
    });

    it('is again one at a destination that wants it, also after a retry, whichever way it came', async () => {
      receiver.answer('/ce', 500, 200);
      await subscribe('/ce', {
        eventTypes: ['order.placed'],
        format: 'cloudevents',
        retrySchedule: ['1s'],
      });
      const json = (id: string) =>
        `{"specversion":"1.0","id":"${id}","source":"/orders","type":"order.placed","tenantref":"x","data":${odd}}`;
      await publish(json('ce-1'), { 'content-type': 'application/cloudevents+json' });
      // Once more, as the first attempt is refused.
      await receiver.received('/ce', 2);
      const batch = { 'content-type': 'application/cloudevents-batch+json' };
      await publish(`[${json('ce-2')}]`, batch, '/tenants/t/events/batch');
      expect((await publish(`[${json('ce-2')}]`, batch)).status).toBe(415);
      await publish(odd, { ...ceHeaders('ce-3', 'order.placed'), 'content-type': 'application/json' });
      await posthorn.publishOverAmqp('t', json('ce-4'), { contentType: 'application/cloudevents+json' });
      await posthorn.publishOverAmqp('t', odd, {
        contentType: 'application/json',
        headers: {
          'cloudEvents:specversion': '1.0',
          'cloudEvents:id': 'ce-5',
          'cloudEvents:type': 'order.placed',
          'cloudEvents:source': '/orders',
          'cloudEvents:tenantref': 'x',
        },
      });
      const requests = await receiver.received('/ce', 6);
      for (const { headers, body } of requests) {
        expect(headers['content-type']).toBe('application/cloudevents+json');
        const { id, ...rest } = JSON.parse(body.toString()) as Record<string, unknown>;
        expect(id).toBe(headers['webhook-id']);
        expect(rest).toMatchObject({ source: '/orders', type: 'order.placed', tenantref: 'x' });
        expect(body.toString()).toContain(`"data":${odd}}`);
      }
      expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
    });

    it('of another content type reaches each format truthfully, and the history', async () => {
      for (const format of ['standard', 'raw', 'cloudevents'])
        await subscribe(`/text-${format}`, { eventTypes: ['note.made'], format });
      const headers = { ...ceHeaders('note-1', 'note.made'), 'content-type': 'text/plain; charset=utf-8' };
      expect((await publish('h"é', headers)).status).toBe(202);
      const [standard] = await receiver.received('/text-standard');
      const [raw] = await receiver.received('/text-raw');
      const [cloudEvent] = await receiver.received('/text-cloudevents');
      const dataBase64 = Buffer.from('h"é').toString('base64');
      const contentType = 'text/plain; charset=utf-8';
      expect(JSON.parse(String(standard?.body))).toMatchObject({
        type: 'note.made',
        contentType,
        dataBase64,
      });
      expect([raw?.headers['content-type'], String(raw?.body)]).toEqual([contentType, 'h"é']);
      expect(JSON.parse(String(cloudEvent?.body))).toMatchObject({
        datacontenttype: contentType,
        data: 'h"é',
      });
      const shown = await until('the event in the history', async () => {
        const answer = await posthorn.call('GET', '/tenants/t/events/note-1');
        return answer.status === 200 ? answer.body : undefined;
      });
      expect(shown).toMatchObject({
        contentType,
        dataBase64,
        cloudEvent: { source: '/orders', tenantref: 'x' },
      });
    });

    it.each(['a b', 'é', '..', 'x'.repeat(257)])('is refused for the id %j, by name', async (id) => {
      const headers = { ...ceHeaders(encodeURIComponent(id), 'a'), 'content-type': 'application/json' };
      expect(await publish('1', headers)).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'ce-id' }] },
      });
    });
  });
});
