import { Problem } from '#libs/contracts';
import { mergeFilter } from './merge-filter.js';
import { mergeMetadata } from './merge-metadata.js';
import { mergePatch } from './merge-patch.js';

describe('a JSON merge patch', () => {
  /** RFC 7396, appendix A. */
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
    ['{}', '{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
  ])('%s with %s is %s', (before, patch, merged) => {
    expect(JSON.stringify(mergePatch(JSON.parse(before), JSON.parse(patch)))).toBe(merged);
  });
});

describe('the metadata of a destination', () => {
  const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`n${index}`, 'x']));

  it('are merged name by name, and none when null is given for all', () => {
    expect(mergeMetadata({ a: '1', b: '2' }, { b: null, c: '3' })).toEqual({ a: '1', c: '3' });
    expect(mergeMetadata({ a: '1' }, null)).toEqual({});
  });

  it('are refused when too many are left, and not before', () => {
    expect(mergeMetadata(fifty, { n0: null, other: 'x' })).toHaveProperty('other', 'x');
    expect(() => mergeMetadata(fifty, { other: 'x' })).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        errors: [expect.objectContaining({ path: 'metadata' })],
      }),
    );
  });
});

describe('the filter of a destination', () => {
  const before = { type: ['a'], data: { amount: [1] } };

  it('is merged, and none when nothing of it is left', () => {
    expect(mergeFilter(before, { type: ['b'] })).toEqual({ type: ['b'], data: { amount: [1] } });
    expect(mergeFilter(before, { data: null })).toEqual({ type: ['a'] });
    expect(mergeFilter(before, { type: null, data: null })).toBeNull();
    expect(mergeFilter(before, null)).toBeNull();
    expect(mergeFilter(null, {})).toBeNull();
  });

  it('is refused with the path of what cannot be read, also of what was there before', () => {
    const refused = (patch: object): unknown => {
      try {
        return mergeFilter(before, patch);
      } catch (error) {
        return error;
      }
    };
    const paths = (error: unknown) => (error as Problem).errors?.map(({ path }) => path);
    expect(refused({ data: { amount: [{ regex: 'a' }] } })).toMatchObject({ code: 'validation_failed' });
    expect(paths(refused({ data: { amount: [{ regex: 'a' }] } }))).toEqual(['filter.data.amount[0]']);
    expect(paths(refused({ data: { amount: null } }))).toEqual(['filter.data']);
    expect(paths(refused({ type: ['x'.repeat(9000)] }))).toEqual(['filter']);
  });
});
