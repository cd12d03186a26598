import { createHash } from 'node:crypto';
import { scanArray, scanObject, scanValue } from './scan-json.js';

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

describe('the scan of a JSON array', () => {
  const items = (text: string, maxItems = 3) =>
    [...scanArray(Buffer.from(text), { maxDepth: 64, maxItems })].map((item) => {
      if (item.problem) return item.problem.code;
      return [...item.members].map(
        ([name, { start, end }]) => `${name}=${Buffer.from(text).toString('utf8', start, end)}`,
      );
    });

  it('finds the members of each object as the very bytes that were written', () => {
    expect(items(' [ {"a": 1.0 } , {} ,{"b":[ 1,{"a":1,"a":2}],"c":"]"}] ')).toEqual([
      ['a=1.0'],
      [],
      ['b=[ 1,{"a":1,"a":2}]', 'c="]"'],
    ]);
    expect(items('[]')).toEqual([]);
  });

  it('lays what is no object, or has a name twice, to that item only', () => {
    expect(items('[1,{"a":1,"a":2},{"a":1}]')).toEqual(['invalid_json', 'invalid_json', ['a=1']]);
    expect(items('[{"__proto__":1},[{}],null]')).toEqual(['invalid_json', 'invalid_json', 'invalid_json']);
  });

  it.each(['', '{}', '[', '[1', '[1,]', '[,1]', '[{}}', '[{}] []', '[{"a":1}'])('refuses %j', (text) => {
    expect(() => items(text)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });

  it('stops at one item too many', () => {
    expect(() => items('[1,2,3,4')).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });
});

describe('the scan of any JSON value', () => {
  it.each([' 1 ', '"x"', 'null', '[1]', '{"a":1,"a":2}'])('takes %j', (text) => {
    expect(() => scanValue(Buffer.from(text), 64)).not.toThrow();
  });

  it.each(['', ' ', '1 2', 'nul', '[1', '"', 'NaN'])('refuses %j', (text) => {
    expect(() => scanValue(Buffer.from(text), 64)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });
});

describe('the time that a scan takes', () => {
  const mebibyte = 1024 * 1024;
  const filled = (piece: string): Buffer =>
    Buffer.from(
      `{"data":[${Array(Math.floor(mebibyte / (piece.length + 1)))
        .fill(piece)
        .join(',')}]}`,
    );

  it.each(['1', '[]', '{"a":"b"}', '"\\u00e9"', '-12.5e3', `"${'x'.repeat(1000)}"`, 'true'])(
    'is a few ms a MiB for an array of %s',
    (piece) => {
      const bytes = filled(piece);
      const text = bytes.toString();
      const scanning = leastMs(() => scanObject(bytes, 64));
      const parsing = leastMs(() => void JSON.parse(text));
      const hashing = leastMs(() => void createHash('sha256').update(bytes).digest());
      // Below 5 ms on a quiet machine outside of a test runner; here room is left for neighbours, and for a slow machine.
      expect(scanning).toBeLessThan(Math.max(15, 4 * parsing, 45 * hashing));
    },
  );
});

function leastMs(work: () => void): number {
  const tookMs = Array.from({ length: 25 }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return Math.min(...tookMs);
}

function isAccepted(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
