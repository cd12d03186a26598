import { FilterBudget, readFilter } from './index.js';

/** What is not bounded takes minutes; the machine may have other work. */
const slowMs = 3000;
const event = { id: 'evt_1', type: 'invoice.paid', timestamp: '2026-01-31T12:00:00Z' };
const read = (filter: object) => {
  const made = readFilter(filter);
  if ('faults' in made) throw new Error(JSON.stringify(made.faults));
  return made.filter;
};
const faultsOf = (filter: object) => {
  const made = readFilter(filter);
  return 'faults' in made ? made.faults.map(({ path }) => path) : [];
};

describe('a filter that is refused', () => {
  it.each<[string, object, string]>([
    ['a value in place of an array', { type: 'a' }, 'type'],
    ['no values', { data: { x: [] } }, 'data.x'],
    ['no conditions', { data: { x: {} } }, 'data.x'],
    ['an array in an array', { type: [['a']] }, 'type[0]'],
    ['an unknown matcher', { data: { x: ['a', { regex: '(a+)+' }] } }, 'data.x[1]'],
    ['two matchers in one', { data: { x: [{ prefix: 'a', suffix: 'b' }] } }, 'data.x[0]'],
    ['an empty matcher', { data: { x: [{}] } }, 'data.x[0]'],
    ['a prefix that is no text', { data: { x: [{ prefix: 1 }] } }, 'data.x[0].prefix'],
    ['a prefix of something else', { data: { x: [{ prefix: { suffix: 'a' } }] } }, 'data.x[0].prefix'],
    [
      'a suffix in any case that is no text',
      { data: { x: [{ suffix: { 'equals-ignore-case': 1 } }] } },
      'data.x[0].suffix',
    ],
    [
      'no text in any case',
      { data: { x: [{ 'equals-ignore-case': { 'equals-ignore-case': 'a' } }] } },
      'data.x[0].equals-ignore-case',
    ],
    [
      'a wildcard of 100,000 characters',
      { data: { x: [{ wildcard: `*${'a'.repeat(100_000)}*` }] } },
      'data.x[0].wildcard',
    ],
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
    ['a wrong alternative', { $or: [{ type: ['a'] }, { type: 'a' }] }, 'type'],
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

describe('what the filters of a tenant cost for one event', () => {
  const million = Array.from({ length: 1_000_000 }, () => 1);
  const conditions = Array.from({ length: 199 }, (_, n) => ({ 'equals-ignore-case': `x${n}` }));
  const absent = Object.fromEntries(Array.from({ length: 199 }, (_, n) => [`x${n}`, [{ exists: false }]]));
  let deep: unknown = 1;
  for (let level = 0; level < 1_000_000; level++) deep = [deep];
  const letters = 'a'.repeat(262_144);

  it.each<[string, object, unknown]>([
    ['an array of a million elements', { data: { x: conditions } }, { x: million }],
    [
      'an array of a million objects',
      { data: { x: { y: conditions } } },
      { x: million.map(() => ({ y: 1 })) },
    ],
    [
      'objects that lack all of 199 fields',
      { data: { x: { ...absent, y: [1] } } },
      { x: million.map(() => ({})) },
    ],
    ['an array of a million texts', { data: { x: [{ cidr: '::1/128' }] } }, { x: million.map(() => '::2') }],
    ['arrays a million deep', { data: { x: [1] } }, { x: deep }],
    [
      'wildcards on arrays of texts',
      { data: { x: Array.from({ length: 20 }, () => ({ wildcard: '*b*' })) } },
      { x: Array.from({ length: 200 }, () => letters) },
    ],
    [
      'texts in any case',
      { data: { x: [{ 'equals-ignore-case': 'b'.repeat(8000) }] } },
      { x: Array.from({ length: 100_000 }, () => 'a'.repeat(20_000)) },
    ],
  ])('is bounded, and what is not known then is delivered: %s', (_name, filter, data) => {
    const [first, second] = [read(filter), read(filter)];
    const budget = new FilterBudget();
    const startedMs = performance.now();
    expect(first.mismatch({ ...event, data }, budget)).toBeUndefined();
    expect(second.mismatch({ ...event, data }, budget)).toBeUndefined();
    expect(budget.isSpent).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(slowMs);
  });

  it('is one sum: what one filter spends is not there for the next', () => {
    const filter = { data: { x: [2] } };
    const data = { x: Array.from({ length: 600 }, () => 1) };
    const budget = new FilterBudget(1000);
    expect(read(filter).mismatch({ ...event, data }, budget)).toBe('data.x');
    expect(budget.isSpent).toBe(false);
    expect(read(filter).mismatch({ ...event, data }, budget)).toBeUndefined();
    expect(budget.isSpent).toBe(true);
  });

  it('is little for conditions on an ordinary event', () => {
    const budget = new FilterBudget();
    const filter = {
      type: [{ prefix: 'invoice.' }],
      data: { amount: [{ numeric: ['>', 1] }], country: ['DK', 'SE'] },
    };
    read(filter).mismatch({ ...event, data: { amount: 2, country: 'SE' } }, budget);
    expect(budget.spent).toBeLessThan(20);
  });

  it.each([1, 500, 4000])(
    'is linear for a wildcard made to be slow: %i letters before what fails',
    (before) => {
      const wildcard = `*${'a'.repeat(before)}b${'a'.repeat(8000 - before)}*`;
      const filter = read({ data: { x: [{ wildcard }] } });
      const startedMs = performance.now();
      for (let count = 0; count < 10; count++)
        expect(filter.mismatch({ ...event, data: { x: letters } })).toBe('data.x');
      expect(performance.now() - startedMs).toBeLessThan(slowMs);
    },
  );
});
