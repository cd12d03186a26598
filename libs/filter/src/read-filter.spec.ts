import { notJson, readFilter } from './index.js';

const event = (data: unknown, rest: object = {}) => ({
  id: 'evt_1',
  type: 'invoice.paid',
  timestamp: '2026-01-31T12:00:00Z',
  data,
  ...rest,
});
const read = (filter: object) => {
  const made = readFilter(filter);
  if ('faults' in made) throw new Error(JSON.stringify(made.faults));
  return made.filter;
};
const mismatch = (filter: object, data: unknown) => read(filter).mismatch(event(data));
/** On the field `x` of the data. */
const matches = (matcher: unknown, x: unknown): boolean =>
  mismatch({ data: { x: [matcher] } }, { x }) === undefined;

describe('a filter', () => {
  it('matches when all its fields do, and says which is the first that does not', () => {
    const filter = {
      type: ['invoice.paid', 'invoice.sent'],
      data: { amount: [{ numeric: ['>', 100] }], customer: { country: ['DK'] } },
    };
    const data = { amount: 101, customer: { country: 'DK' } };
    expect(mismatch(filter, data)).toBeUndefined();
    expect(mismatch(filter, { ...data, amount: 100 })).toBe('data.amount');
    expect(mismatch(filter, { ...data, customer: { country: 'SE' } })).toBe('data.customer.country');
    expect(mismatch(filter, { ...data, customer: 'DK' })).toBe('data.customer.country');
    expect(read(filter).mismatch(event(data, { type: 'invoice.void' }))).toBe('type');
  });

  it('without conditions matches everything', () => {
    expect(mismatch({}, null)).toBeUndefined();
    expect(mismatch({}, notJson)).toBeUndefined();
  });

  it.each([
    ['a', 'a', true],
    ['a', 'A', false],
    [1, 1, true],
    [1, 1.0, true],
    [1, '1', false],
    ['1', 1, false],
    [0, -0, true],
    [true, true, true],
    [true, 'true', false],
    [null, null, true],
    [null, undefined, false],
    [null, 0, false],
    ['a', ['b', 'a'], true],
    ['a', [['b'], [['a']]], true],
    ['a', [], false],
    ['a', { a: 'a' }, false],
    [{ prefix: 'in' }, 'invoice', true],
    [{ prefix: 'in' }, 'Invoice', false],
    [{ prefix: 'in' }, 5, false],
    [{ suffix: '.png' }, 'a.png', true],
    [{ suffix: '.png' }, 'a.jpg', false],
    [{ 'equals-ignore-case': 'ÆRØ' }, 'ærø', true],
    [{ 'equals-ignore-case': 'a' }, 'aaaaaaaaaa', false],
    [{ 'equals-ignore-case': 'ΟΔΟΣ' }, 'οδος', true],
    [{ prefix: { 'equals-ignore-case': 'IN' } }, 'invoice', true],
    [{ prefix: { 'equals-ignore-case': 'in' } }, 'INVOICE', true],
    [{ prefix: { 'equals-ignore-case': 'in' } }, 'i', false],
    [{ prefix: { 'equals-ignore-case': 'in' } }, 5, false],
    [{ prefix: { 'equals-ignore-case': '' } }, 'x', true],
    [{ prefix: { 'equals-ignore-case': 'ΟΔΟΣ' } }, 'οδοσα', true],
    [{ prefix: { 'equals-ignore-case': 'İ' } }, 'i\u0307x', true],
    [{ suffix: { 'equals-ignore-case': '.PNG' } }, 'a.png', true],
    [{ suffix: { 'equals-ignore-case': '.png' } }, 'a.PNG', true],
    [{ suffix: { 'equals-ignore-case': '.png' } }, 'a.jpg', false],
    [{ 'anything-but': { prefix: { 'equals-ignore-case': 'IN' } } }, 'invoice', false],
    [{ 'anything-but': { suffix: ['x', { 'equals-ignore-case': 'ICE' }] } }, 'invoice', false],
    [{ numeric: ['>', 100] }, 100, false],
    [{ numeric: ['>', 100] }, 100.5, true],
    [{ numeric: ['>=', 100] }, 100, true],
    [{ numeric: ['<', 0] }, -1e300, true],
    [{ numeric: ['<=', 0] }, -0, true],
    [{ numeric: ['=', 3] }, 3, true],
    [{ numeric: ['>', 0, '<=', 5] }, 5, true],
    [{ numeric: ['>', 0, '<=', 5] }, 5.1, false],
    [{ numeric: ['>', 1] }, Number.POSITIVE_INFINITY, true],
    [{ numeric: ['>', 1] }, '2', false],
    [{ numeric: ['>', 1] }, [0, 2], true],
    [{ exists: true }, null, true],
    [{ exists: true }, { a: 1 }, true],
    [{ exists: true }, [], true],
    [{ exists: true }, undefined, false],
    [{ exists: false }, undefined, true],
    [{ exists: false }, 1, false],
    [{ 'anything-but': 'a' }, 'b', true],
    [{ 'anything-but': 'a' }, 'a', false],
    [{ 'anything-but': ['a', 1] }, 1, false],
    [{ 'anything-but': ['a', 1] }, '1', true],
    [{ 'anything-but': 'a' }, undefined, false],
    [{ 'anything-but': { prefix: 'in' } }, 'invoice', false],
    [{ 'anything-but': { prefix: ['in', 'us'] } }, 'user', false],
    [{ 'anything-but': { prefix: ['in', 'us'] } }, 'order', true],
    [{ 'anything-but': { wildcard: '*.bak' } }, 'a.bak', false],
    [{ cidr: '10.0.0.0/8' }, '10.1.2.3', true],
    [{ cidr: '10.0.0.0/8' }, '11.1.2.3', false],
    [{ cidr: '10.0.0.0/8' }, '::1', false],
    [{ cidr: '2001:db8::/32' }, '2001:db8::1', true],
    [{ cidr: '10.0.0.0/8' }, 'no address', false],
  ])('of %j on %j: %s', (matcher, value, expected) => {
    expect(matches(matcher, value)).toBe(expected);
  });

  it.each([
    ['*', '', true],
    ['*', 'anything', true],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'acb', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['aa*aa', 'aaa', false],
    ['*a*', 'bbb', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a\\\\*', 'a\\b', true],
    ['.*', 'abc', false],
    ['', '', true],
  ])('of the wildcard %s on %j: %s', (wildcard, value, expected) => {
    expect(matches({ wildcard }, value)).toBe(expected);
  });

  it('takes any of the values of a field', () => {
    const filter = { data: { x: ['a', { prefix: 'b' }, { exists: false }] } };
    expect([{ x: 'a' }, { x: 'bc' }, {}].map((data) => mismatch(filter, data))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(mismatch(filter, { x: 'c' })).toBe('data.x');
  });

  it('takes any alternative of $or, beside what has to hold anyway', () => {
    const filter = {
      data: { paid: [true], $or: [{ amount: [{ numeric: ['>', 100] }] }, { vip: [true] }] },
      $or: [{ type: [{ prefix: 'invoice.' }] }, { data: { urgent: [true] } }],
    };
    expect(mismatch(filter, { paid: true, amount: 5, vip: true })).toBeUndefined();
    expect(mismatch(filter, { paid: true, amount: 500 })).toBeUndefined();
    expect(mismatch(filter, { paid: true, amount: 5 })).toBe('data.$or');
    expect(mismatch(filter, { paid: false, vip: true })).toBe('data.paid');
    expect(read(filter).mismatch(event({ paid: true, vip: true }, { type: 'user.created' }))).toBe('$or');
  });

  it('asks all conditions on objects in an array of one and the same object', () => {
    const filter = { data: { lines: { sku: ['a'], count: [{ numeric: ['>', 1] }] } } };
    const one = { sku: 'a', count: 1 };
    const other = { sku: 'b', count: 2 };
    expect(mismatch(filter, { lines: [other, { sku: 'a', count: 2 }] })).toBeUndefined();
    expect(mismatch(filter, { lines: [one, other] })).toBe('data.lines.count');
    expect(mismatch(filter, { lines: [] })).toBe('data.lines.sku');
  });

  it('holds that something is not there, however much of the way to it is missing', () => {
    const filter = { data: { a: { b: [{ exists: false }] } } };
    for (const data of [{}, { a: {} }, { a: 1 }, null, 5]) expect(mismatch(filter, data)).toBeUndefined();
    expect(mismatch(filter, { a: { b: null } })).toBe('data.a.b');
  });

  it('on data never matches what is not JSON, not even that something is not there', () => {
    for (const condition of [{ a: [{ exists: false }] }, [{ exists: true }], ['x']])
      expect(mismatch({ data: condition }, notJson)).toBe('data');
    expect(mismatch({ type: ['invoice.paid'] }, notJson)).toBeUndefined();
  });

  it('can be on the data as a whole', () => {
    expect(mismatch({ data: [{ numeric: ['>', 1] }] }, 2)).toBeUndefined();
    expect(mismatch({ data: ['a'] }, ['b'])).toBe('data');
  });

  it('knows whether the data has to be read for it', () => {
    expect(read({ type: ['a'], id: [{ prefix: 'evt' }] }).readsData).toBe(false);
    expect(read({ data: { x: [1] } }).readsData).toBe(true);
    expect(read({ $or: [{ type: ['a'] }, { data: { x: [1] } }] }).readsData).toBe(true);
  });

  it('takes names that every object has for names like any other', () => {
    const data = JSON.parse(
      '{"__proto__":"a","constructor":"b","toString":{"hasOwnProperty":"c"}}',
    ) as unknown;
    const filter = JSON.parse(
      '{"data":{"__proto__":["a"],"constructor":["b"],"toString":{"hasOwnProperty":["c"]}}}',
    ) as object;
    expect(mismatch(filter, data)).toBeUndefined();
    expect(mismatch(filter, {})).toBe('data.__proto__');
    expect(mismatch({ data: { valueOf: [{ exists: true }] } }, {})).toBe('data.valueOf');
    expect(mismatch({ data: { length: [1] } }, 'x')).toBe('data.length');
  });

  it('compares numbers as IEEE 754 doubles, and knows its own exactly', () => {
    expect(matches(9007199254740991, JSON.parse('9007199254740991'))).toBe(true);
    expect(matches(9007199254740991, JSON.parse('9007199254740993'))).toBe(false);
    expect(matches(0.1, JSON.parse('0.1000'))).toBe(true);
  });
});

describe('a filter on the attributes of a CloudEvent', () => {
  const cloudEvent = {
    source: '/orders/7',
    subject: 'order 7',
    dataschema: 'urn:x',
    extensions: { partition: 3, region: 'eu' },
  };
  it.each([
    [{ source: [{ prefix: '/orders/' }] }, true],
    [{ source: ['/other'] }, false],
    [{ subject: ['order 7'], dataschema: ['urn:x'] }, true],
    [{ extensions: { region: ['eu'], partition: [{ numeric: ['<', 5] }] } }, true],
    [{ extensions: { region: ['us'] } }, false],
    [{ region: ['eu'] }, true],
    [{ region: ['us'] }, false],
    [{ $or: [{ subject: ['x'] }, { partition: [3] }] }, true],
  ])('%j: %s', (filter, expected) => {
    expect(read(filter).mismatch(event(null, cloudEvent)) === undefined).toBe(expected);
  });

  it('holds of no other event but that they are not there', () => {
    expect(mismatch({ source: ['/orders/7'] }, {})).toBe('source');
    expect(mismatch({ extensions: { region: ['eu'] } }, {})).toBe('extensions.region');
    expect(mismatch({ source: [{ exists: false }], region: [{ exists: false }] }, {})).toBeUndefined();
  });
});
