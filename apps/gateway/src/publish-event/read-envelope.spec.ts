import { readEnvelope } from './read-envelope.js';

const read = (body: string | Buffer) => readEnvelope(Buffer.from(body), 100);
const faultOf = (path: string) =>
  expect.objectContaining({ code: 'validation_failed', errors: [expect.objectContaining({ path })] });

describe('a published event', () => {
  it('keeps the bytes of its data', () => {
    const envelope = read('{"type":"a.b","data": {"a":1.0,"b":9007199254740993,"c":"\\u0000"} ,"id":"x-1"}');
    expect(envelope).toMatchObject({ type: 'a.b', id: 'x-1' });
    expect(envelope.data.toString()).toBe('{"a":1.0,"b":9007199254740993,"c":"\\u0000"}');
  });

  it('may have any JSON value as data', () => {
    expect(read('{"type":"a","data":null}').data.toString()).toBe('null');
    expect(read('{"type":"a","data":"x"}').data.toString()).toBe('"x"');
  });

  it.each([
    ['type', '{"data":1}'],
    ['type', '{"type":7,"data":1}'],
    ['type', '{"type":".a","data":1}'],
    ['type', '{"type":"a..b","data":1}'],
    ['type', '{"type":"a-b","data":1}'],
    ['type', '{"type":"é","data":1}'],
    ['type', `{"type":"${'a'.repeat(300)}","data":1}`],
    ['id', '{"type":"a","id":"a.b","data":1}'],
    ['id', '{"type":"a","id":"","data":1}'],
    ['id', '{"type":"a","id":null,"data":1}'],
    ['timestamp', '{"type":"a","timestamp":"yesterday","data":1}'],
    ['timestamp', '{"type":"a","timestamp":"2026-13-01T00:00:00Z","data":1}'],
    ['data', '{"type":"a"}'],
    ['payload', '{"type":"a","data":1,"payload":2}'],
  ])('is refused for its %s: %s', (path, body) => {
    expect(() => read(body)).toThrow(faultOf(path));
  });

  it('is refused when its data is too large', () => {
    expect(() => read(`{"type":"a","data":"${'x'.repeat(98)}"}`)).not.toThrow();
    expect(() => read(`{"type":"a","data":"${'x'.repeat(99)}"}`)).toThrow(
      expect.objectContaining({ code: 'payload_too_large' }),
    );
  });

  it('is refused when it is not UTF-8', () => {
    expect(() => read(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow(
      expect.objectContaining({ code: 'invalid_utf8' }),
    );
  });
});
