import { isProblem } from '#libs/contracts';
import { readBatch, readRequest } from './read-request.js';

const options = { maxPayloadBytes: 100, hasOtherId: false };
const attributes = { specversion: '1.0', id: 'ce-1', source: '/orders', type: 'order.placed' };

/** What was read, or the paths of what is wrong. */
function outcome(read: () => object): object {
  try {
    return read();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.errors?.map(({ path }) => path) ?? [error.code];
  }
}

const structured = (members: object | string, changes: object = {}) =>
  outcome(() => {
    const text = typeof members === 'string' ? members : JSON.stringify({ ...attributes, ...members });
    const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    return readRequest({ body: Buffer.from(text), headers }, { ...options, ...changes });
  });

const binary = (headers: Record<string, string>, body: string | Buffer = '{"a":1.0}') =>
  outcome(() => readRequest({ body: Buffer.from(body), headers }, options));
const ceHeaders = {
  'ce-specversion': '1.0',
  'ce-id': 'ce-1',
  'ce-source': '/orders',
  'ce-type': 'order.placed',
};

describe('a CloudEvent in structured mode', () => {
  it('keeps the bytes of its data, and the attributes that only CloudEvents have', () => {
    const text = `{"specversion":"1.0","id":"ce-1","source":"/orders","type":"order.placed","time":"2026-01-01T00:00:00Z",
      "subject":"o/1","priority":7,"sampled":true,"none":null,"data": {"a":1.0,"a":2} }`;
    expect(structured(text)).toEqual({
      id: 'ce-1',
      type: 'order.placed',
      timestamp: '2026-01-01T00:00:00Z',
      cloudEvent: '{"source":"/orders","subject":"o/1","priority":7,"sampled":true}',
      data: Buffer.from('{"a":1.0,"a":2}'),
    });
  });

  it('has as payload what its data is by its content type', () => {
    expect(structured({ data: 'x' })).toMatchObject({ data: Buffer.from('"x"') });
    const contentType = 'text/plain; charset=utf-8';
    expect(structured({ data: 'é"', datacontenttype: contentType })).toMatchObject({
      data: Buffer.from('é"'),
      contentType,
    });
    expect(structured({ data_base64: '/wA=', datacontenttype: 'image/png' })).toMatchObject({
      data: Buffer.from([0xff, 0]),
      contentType: 'image/png',
    });
    expect(structured({ data_base64: 'eyJhIjoxfQ==' })).toMatchObject({ data: Buffer.from('{"a":1}') });
    expect(structured({})).toMatchObject({ data: Buffer.alloc(0) });
  });

  it.each([
    ['id', { id: 'a b' }],
    ['id', { id: '..' }],
    ['id', { id: 'é' }],
    ['id', { id: 'x'.repeat(257) }],
    ['id', { id: undefined }],
    ['source', { source: '' }],
    ['source', { source: 7 }],
    ['type', { type: 'com..my' }],
    ['specversion', { specversion: '0.3' }],
    ['time', { time: 'yesterday' }],
    ['time', { time: '2026-02-30T00:00:00Z' }],
    ['source', { source: '/my orders' }],
    ['dataschema', { dataschema: 'urn:a b' }],
    ['datacontentencoding', { datacontentencoding: 'base64' }],
    ['hasOwnProperty', { hasOwnProperty: 'x' }],
    ['datacontenttype', { datacontenttype: 'text' }],
    ['datacontenttype', { datacontenttype: 'text/plain\r\nx: y' }],
    ['Upper', { Upper: 'x' }],
    ['nested', { nested: {} }],
    ['large', { large: 2 ** 31 }],
    ['data_base64', { data: 1, data_base64: '' }],
    ['data_base64', { data_base64: 'a' }],
    ['data', { data: {}, datacontenttype: 'text/plain' }],
    ['data', { data: '\ud800', datacontenttype: 'text/plain' }],
    ['source', { padding: 'x'.repeat(9000) }],
    ['invalid_json', { data_base64: 'e30sfQ==' }],
    ['payload_too_large', { data: 'x'.repeat(100) }],
  ])('is refused for its %s', (path, members) => {
    expect(structured(members)).toEqual([path]);
  });

  it.each(['partition:0/offset:7', 'a.b;c+d=e,f~(g)', '\'*!$%&@#?"<>[]{}|^`\\\\', 'x'.repeat(256)])(
    'may have the id %s',
    (id) => {
      expect(structured({ id })).toMatchObject({ id });
    },
  );

  it.each(['com.my-company.order-created', 'a:b/c', '-'])('may have the type %s', (type) => {
    expect(structured({ type })).toMatchObject({ type });
  });

  it('may leave its id to the Idempotency-Key', () => {
    expect(structured({ id: undefined }, { hasOtherId: true })).not.toHaveProperty('id');
  });

  it('comes in batches too, with what is wrong in its place', async () => {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const body = Buffer.from(
      JSON.stringify([
        { ...attributes, data: 1 },
        { ...attributes, id: 'a b' },
      ]),
    );
    await expect(readBatch({ body, headers }, options)).resolves.toMatchObject([
      { id: 'ce-1' },
      { code: 'validation_failed' },
    ]);
    expect(() => readRequest({ body, headers }, options)).toThrow('…/events/batch');
  });
});

describe('a CloudEvent in binary mode', () => {
  it('has the body as its payload, of whatever type', () => {
    expect(binary({ ...ceHeaders, 'content-type': 'application/json' })).toEqual({
      id: 'ce-1',
      type: 'order.placed',
      contentType: 'application/json',
      cloudEvent: '{"source":"/orders"}',
      data: Buffer.from('{"a":1.0}'),
    });
    const bytes = Buffer.from([0xff, 0]);
    expect(binary({ ...ceHeaders, 'content-type': 'image/png' }, bytes)).toMatchObject({ data: bytes });
  });

  it('has its headers decoded', () => {
    const read = binary({ ...ceHeaders, 'ce-subject': 'Euro%20%E2%82%AC', 'ce-note': '"a \\"b\\""' });
    expect(read).toMatchObject({ cloudEvent: '{"source":"/orders","subject":"Euro €","note":"a \\"b\\""}' });
  });

  it('may begin with a byte order mark where it is JSON, and is handed on without it', () => {
    const mark = '\ufeff';
    const data = Buffer.from('{"a":1.0}');
    expect(structured(`${mark}${JSON.stringify(attributes)}`)).toMatchObject({ id: 'ce-1' });
    const json = { ...ceHeaders, 'content-type': 'application/json' };
    expect(binary(json, `${mark}{"a":1.0}`)).toMatchObject({ data });
    const plain = { ...ceHeaders, 'content-type': 'text/plain' };
    expect(binary(plain, `${mark}a`)).toMatchObject({ data: Buffer.from(`${mark}a`) });
  });

  it('may have UTF-8 in its headers as it is', () => {
    const latin1 = Buffer.from('ünï €').toString('latin1');
    expect(binary({ ...ceHeaders, 'ce-subject': latin1 })).toMatchObject({
      cloudEvent: '{"source":"/orders","subject":"ünï €"}',
    });
    expect(binary({ ...ceHeaders, 'ce-subject': 'ü' })).toEqual(['ce-subject']);
  });

  it.each(['ce-id', 'ce-source', 'ce-type', 'ce-time', 'ce-subject', 'ce-ext'])(
    'is refused for a broken percent-encoding of %s, by that name',
    (name) => {
      const headers = { ...ceHeaders, [name]: '100%' };
      const read = () => readRequest({ body: Buffer.from('1'), headers }, options);
      expect(read).toThrow(
        expect.objectContaining({
          errors: [{ path: name, message: expect.stringContaining('broken percent-encoding') as string }],
        }) as Error,
      );
    },
  );

  it.each(['ce-data', 'ce-data_base64', 'ce-datacontentencoding'])('is refused for %s', (name) => {
    expect(binary({ ...ceHeaders, [name]: 'x' })).toEqual([name]);
  });

  it('is refused by the names of its headers', () => {
    expect(binary({ 'ce-id': 'a b', 'ce-subject': '%E2', 'content-type': 'text/plain' })).toEqual([
      'ce-specversion',
      'ce-source',
      'ce-type',
      'ce-id',
      'ce-subject',
    ]);
    expect(binary({ ...ceHeaders, 'content-type': 'application/json' }, '{"a":1}x')).toEqual([
      'invalid_json',
    ]);
    expect(binary({ 'content-type': 'image/png' })).toEqual(['unsupported_media_type']);
  });
});
