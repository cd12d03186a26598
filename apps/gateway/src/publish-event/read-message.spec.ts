import { isProblem } from '#libs/contracts';
import { readMessage } from './read-message.js';

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

const ofMessage = (
  message: {
    contentType?: string;
    contentEncoding?: string;
    headers?: Record<string, unknown>;
    body: string;
  },
  changes = {},
) =>
  outcome(() =>
    readMessage({ headers: {}, ...message, body: Buffer.from(message.body) }, { ...options, ...changes }),
  );

describe('a message of the broker door', () => {
  const data = Buffer.from('{"a":1.0}');

  it('may be JSON, and a CloudEvent in both modes', () => {
    expect(ofMessage({ body: '{"type":"a.b","data":{"a":1.0}}' })).toEqual({ type: 'a.b', data });
    const body = `{"specversion":"1.0","id":"ce-1","source":"/orders","type":"order.placed","data":{"a":1.0}}`;
    const event = { id: 'ce-1', type: 'order.placed', cloudEvent: '{"source":"/orders"}', data };
    expect(ofMessage({ contentType: 'application/cloudevents+json', body })).toEqual(event);
    for (const prefix of ['cloudEvents:', 'cloudEvents_']) {
      const headers = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [prefix + name, value]),
      );
      expect(ofMessage({ headers: { ...headers, other: 1 }, body: '{"a":1.0}' })).toEqual(event);
    }
  });

  it.each([undefined, '', 'utf-8', 'UTF8', 'identity'])('may have the content_encoding %s', (encoding) => {
    const contentEncoding = encoding === undefined ? {} : { contentEncoding: encoding };
    expect(ofMessage({ ...contentEncoding, body: '{"type":"a.b","data":{"a":1.0}}' })).toMatchObject({
      data,
    });
  });

  it.each(['gzip', 'deflate', 'x-posthorn', 'posthorn-bundle', 'base64'])(
    'is refused for the content_encoding %s, by name',
    (contentEncoding) => {
      const body = Buffer.from('{"type":"a.b","data":1}');
      expect(() => readMessage({ headers: {}, contentEncoding, body }, options)).toThrow(contentEncoding);
      const headers = { 'cloudEvents:specversion': '1.0' };
      expect(() => readMessage({ headers, contentEncoding, body }, options)).toThrow(contentEncoding);
    },
  );

  it('is one event, of a format that is read', () => {
    for (const contentType of ['application/cloudevents-batch+json', 'application/cloudevents+avro'])
      expect(ofMessage({ contentType, body: '[]' })).toEqual(['unsupported_media_type']);
  });

  it('has each attribute once, in UTF-8', () => {
    const headers = {
      'cloudEvents:specversion': '1.0',
      'cloudEvents:id': 'ce-1',
      'cloudEvents:source': '/orders',
      'cloudEvents:type': 'order.placed',
    };
    const wrong = { cloudEvents_source: '/others', 'cloudEvents:subject': '\ufffd', 'cloudEvents:data': 'x' };
    expect(ofMessage({ headers: { ...headers, ...wrong }, body: '1' })).toEqual([
      'cloudEvents:source',
      'cloudEvents:subject',
      'cloudEvents:data',
    ]);
  });

  it('may begin with a byte order mark where it is JSON, and is handed on without it', () => {
    expect(ofMessage({ body: `\ufeff{"type":"a.b","data":{"a":1.0}}` })).toEqual({ type: 'a.b', data });
  });

  it('may have its time as AMQP writes it, and its id as message_id', () => {
    const headers = {
      'cloudEvents:specversion': '1.0',
      'cloudEvents:source': '/orders',
      'cloudEvents:type': 'order.placed',
      'cloudEvents:time': { '!': 'timestamp', value: 1_767_225_600 },
    };
    const read = ofMessage({ headers, body: '1' }, { hasOtherId: true });
    expect(read).toMatchObject({ timestamp: '2026-01-01T00:00:00.000Z' });
    expect(ofMessage({ headers, body: '1' })).toEqual(['cloudEvents:id']);
    expect(ofMessage({ headers: { 'cloudEvents:id': {} }, body: '1' })).toContain('cloudEvents:id');
  });
});
