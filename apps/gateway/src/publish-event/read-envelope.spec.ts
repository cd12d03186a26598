import { jsonText } from '#libs/testing';
import fc from 'fast-check';
import { readEach, readEnvelope, readMembers } from './read-envelope.js';

const read = (text: string | Buffer) => {
  const body = Buffer.from(text);
  return readEnvelope(body, readMembers(body), 100);
};
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
    ['type', '{"type":"a b","data":1}'],
    ['type', '{"type":"é","data":1}'],
    ['type', `{"type":"${'a'.repeat(300)}","data":1}`],
    ['id', '{"type":"a","id":"a b","data":1}'],
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

  it('keeps the bytes of whatever JSON its data is, in 10,000 of them', async () => {
    const seen = fc.asyncProperty(jsonText(), async (data) => {
      const body = Buffer.from(`{"type":"a", "data": ${data} }`);
      expect(readEnvelope(body, readMembers(body), 1_000_000).data.toString()).toBe(data);
      const batch = Buffer.from(`[{"data":${data},"type":"a"} , {"type":"b","data":${data}}]`);
      for (const reading of await readEach(batch, (members) => readEnvelope(batch, members, 1_000_000)))
        expect(reading).toMatchObject({ data: Buffer.from(data) });
    });
    await fc.assert(seen, { numRuns: 10_000 });
  }, 60_000);
});
