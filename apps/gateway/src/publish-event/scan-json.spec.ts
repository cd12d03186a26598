import { scanObject } from './scan-json.js';

const scan = (text: string | Buffer) => scanObject(Buffer.from(text), 64);
const members = (text: string) =>
  Object.fromEntries(
    [...scan(text)].map(([name, { start, end }]) => [name, Buffer.from(text).toString('utf8', start, end)]),
  );

describe('the scan of a JSON object', () => {
  it('finds each value as the very bytes that were written', () => {
    expect(members(' {"a" : 1.0 ,"b":9007199254740993,"c":"\\u0000x","d":{"z":1,"a":[ 2 ]} } ')).toEqual({
      a: '1.0',
      b: '9007199254740993',
      c: '"\\u0000x"',
      d: '{"z":1,"a":[ 2 ]}',
    });
  });

  it('reads names that are written with escapes', () => {
    expect(members('{"d\\u0061ta":null}')).toEqual({ data: 'null' });
  });

  it.each([
    '{}',
    '{"a":-0}',
    '{"a":1e400}',
    '{"a":-12.5E-3}',
    '{"a":"\\ud800"}',
    '{"a":{"__proto__":1,"x":1,"x":2}}',
    '{"a":[]}',
    '{"a":[[],{}]}',
    '{"é":"€😀"}',
  ])('takes %s, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(() => scan(text)).not.toThrow();
  });

  it.each([
    '',
    '   ',
    '[]',
    '1',
    '"a"',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{a:1}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":-}',
    '{"a":1e}',
    '{"a":tru}',
    '{"a":"x}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a":"\n"}',
    '{"a":"\u0000"}',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":1}{"b":2}',
    '{"a":1} x',
    '\uFEFF{"a":1}',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1}',
  ])('refuses %j', (text) => {
    expect(() => scan(text)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });

  it('allows 64 levels inside a member and not 65', () => {
    const nested = (levels: number) => `{"data":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(() => scan(nested(64))).not.toThrow();
    expect(() => scan(nested(65))).toThrow(expect.objectContaining({ code: 'json_too_deep' }));
    expect(() => scan(nested(100_000))).toThrow(expect.objectContaining({ code: 'json_too_deep' }));
  });

  it('agrees with JSON.parse on mutations of a document', () => {
    const seed = '{"a":[1,-2.5e+3,true,null,"\\"\\u00e9\\n"],"b":{"c":{}},"d":false}';
    for (let at = 0; at < seed.length; at++) {
      for (const replacement of ['', '"', '\\', ',', '0', ' ', '}', 'e']) {
        const text = seed.slice(0, at) + replacement + seed.slice(at + 1);
        expect({ text, valid: isAccepted(() => scan(text)) }).toEqual({
          text,
          valid: isAccepted(() => JSON.parse(text)),
        });
      }
    }
  });
});

function isAccepted(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
