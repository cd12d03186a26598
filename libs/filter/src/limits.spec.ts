import { readFilter } from './index.js';

/** What is not bounded takes minutes; the machine may have other work. */
const slowMs = 1500;
const event = { id: 'evt_1', type: 'invoice.paid', timestamp: '2026-01-31T12:00:00Z' };
const read = (filter: object) => {
  const made = readFilter(filter);
  if ('faults' in made) throw new Error(JSON.stringify(made.faults));
  return made.filter;
};
const mismatch = (filter: object, data: unknown) => read(filter).mismatch({ ...event, data });
const faultsOf = (filter: object) => {
  const made = readFilter(filter);
  return 'faults' in made ? made.faults.map(({ path }) => path) : [];
};

describe('a filter that is refused', () => {
  it.each<[string, object, string]>([
    ['a field of something else', { colour: ['red'] }, 'colour'],
    ['a value in place of an array', { type: 'a' }, 'type'],
    ['no values', { data: { x: [] } }, 'data.x'],
    ['no conditions', { data: { x: {} } }, 'data.x'],
    ['an array in an array', { type: [['a']] }, 'type[0]'],
    ['an unknown matcher', { data: { x: ['a', { regex: '(a+)+' }] } }, 'data.x[1]'],
    ['two matchers in one', { data: { x: [{ prefix: 'a', suffix: 'b' }] } }, 'data.x[0]'],
    ['an empty matcher', { data: { x: [{}] } }, 'data.x[0]'],
    ['a prefix that is no text', { data: { x: [{ prefix: 1 }] } }, 'data.x[0].prefix'],
    ['an exists of a text', { data: { x: [{ exists: 'yes' }] } }, 'data.x[0].exists'],
    ['an unknown comparison', { data: { x: [{ numeric: ['!=', 1] }] } }, 'data.x[0].numeric'],
    [
      'a comparison of an inherited name',
      { data: { x: [{ numeric: ['toString', 1] }] } },
      'data.x[0].numeric',
    ],
    ['a comparison with a text', { data: { x: [{ numeric: ['>', '1'] }] } }, 'data.x[0].numeric'],
    ['three comparisons', { data: { x: [{ numeric: ['>', 1, '<', 2, '=', 1] }] } }, 'data.x[0].numeric'],
    ['half a comparison', { data: { x: [{ numeric: ['>'] }] } }, 'data.x[0].numeric'],
    ['a number beyond what is exact', { data: { x: [9007199254740992] } }, 'data.x[0]'],
    ['two stars in a row', { data: { x: [{ wildcard: 'a**' }] } }, 'data.x[0].wildcard'],
    ['a backslash before something else', { data: { x: [{ wildcard: 'a\\d' }] } }, 'data.x[0].wildcard'],
    ['no network', { data: { x: [{ cidr: '10.0.0.0' }] } }, 'data.x[0].cidr'],
    ['nothing that it must not be', { data: { x: [{ 'anything-but': [] }] } }, 'data.x[0].anything-but'],
    [
      'an object that it must not be',
      { data: { x: [{ 'anything-but': { numeric: ['>', 1] } }] } },
      'data.x[0].anything-but',
    ],
    ['alternatives that are none', { $or: {} }, '$or'],
    ['a wrong alternative', { $or: [{ type: ['a'] }, { typ: ['a'] }] }, 'typ'],
    ['more than 8 KiB', { type: ['x'.repeat(8200)] }, ''],
  ])('has %s', (_name, filter, path) => {
    expect(faultsOf(filter)).toEqual([path]);
  });

  it('has 10,000 clauses, wherever they are', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => index);
    const startedMs = performance.now();
    expect(faultsOf({ data: { x: many } })).toEqual(['data.x[200]']);
    expect(faultsOf({ data: { x: [{ 'anything-but': many }] } })).toEqual(['data.x[0].anything-but[200]']);
    expect(faultsOf({ data: { x: [{ 'anything-but': { prefix: many.map(String) } }] } })).toHaveLength(1);
    expect(faultsOf({ $or: many.map((n) => ({ data: { x: [n] } })) })).toHaveLength(1);
    expect(faultsOf({ data: Object.fromEntries(many.map((n) => [`x${n}`, [n]])) })).toHaveLength(1);
    expect(faultsOf({ data: { x: many.slice(0, 21).map(() => ({ wildcard: 'a*' })) } })).toHaveLength(1);
    expect(performance.now() - startedMs).toBeLessThan(slowMs);
  });

  it('is 1,000 or 100,000 levels deep', () => {
    for (const levels of [1000, 100_000]) {
      let filter: object = { x: [1] };
      for (let level = 0; level < levels; level++) filter = { x: filter };
      expect(faultsOf({ data: filter })).toHaveLength(1);
    }
    let alternatives: object = { type: ['a'] };
    for (let level = 0; level < 1000; level++) alternatives = { $or: [alternatives] };
    expect(faultsOf(alternatives)).toHaveLength(1);
  });
});

describe('what a filter costs', () => {
  const takesMs = (filter: object, data: unknown): number => {
    const compiled = read(filter);
    const startedMs = performance.now();
    compiled.mismatch({ ...event, data });
    return performance.now() - startedMs;
  };

  it('is bounded for an array of a million elements: 50,000 comparisons are made', () => {
    const million = Array.from({ length: 1_000_000 }, () => 1);
    const conditions = Array.from({ length: 200 }, (_, n) => ({ 'equals-ignore-case': `x${n}` }));
    expect(takesMs({ data: { x: conditions } }, { x: million })).toBeLessThan(slowMs);
    const objects = million.map(() => ({ y: 1 }));
    expect(takesMs({ data: { x: { y: conditions } } }, { x: objects })).toBeLessThan(slowMs);
    million[49_000] = 2;
    million[51_000] = 3;
    expect(mismatch({ data: { x: [2] } }, { x: million })).toBeUndefined();
    expect(mismatch({ data: { x: [3] } }, { x: million })).toBe('data.x');
  });

  it('is bounded for arrays a million deep', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 1_000_000; level++) deep = [deep];
    expect(takesMs({ data: { x: [1] } }, { x: deep })).toBeLessThan(slowMs);
  });

  it('is linear for a wildcard made to be slow', () => {
    const wildcard = Array.from({ length: 60 }, () => 'a')
      .join('*')
      .concat('*b');
    const filter = { data: { x: Array.from({ length: 20 }, () => ({ wildcard })) } };
    expect(takesMs(filter, { x: 'a'.repeat(262_144) })).toBeLessThan(slowMs);
    const late = { data: { x: [{ wildcard: `*b${'a'.repeat(4000)}*` }] } };
    expect(takesMs(late, { x: 'a'.repeat(262_144) })).toBeLessThan(slowMs);
  });
});
