import { readFilter } from './index.js';

describe('a filter that can be read and can never match', () => {
  const warningsOf = (filter: object) => {
    const made = readFilter(filter);
    return 'faults' in made ? made.faults : made.warnings.map(({ path }) => path);
  };
  it.each<[string, object, string[]]>([
    ['a field outside the event', { amount: [5] }, ['amount']],
    ['a field of another gateway', { detail: { x: [5] }, 'detail-type': ['a'] }, ['detail', 'detail-type']],
    ['a field outside the event in an alternative', { $or: [{ type: ['a'] }, { typ: ['a'] }] }, ['typ']],
    ['a dot in a name', { data: { 'customer.country': ['DK'] } }, ['data.customer.country']],
    ['a dot in the name of a field', { 'data.amount': [5] }, ['data.amount']],
    ['a pattern of types in place of a type', { type: ['a', 'invoice.*'] }, ['type[1]']],
    ['all types in place of a type', { type: ['#'] }, ['type[0]']],
    ['a pattern in place of a value', { data: { name: ['Jo*'] } }, ['data.name[0]']],
    [
      'bounds that contradict each other',
      { data: { x: [{ numeric: ['>', 5, '<', 3] }] } },
      ['data.x[0].numeric'],
    ],
    ['nothing between the bounds', { data: { x: [{ numeric: ['>=', 5, '<', 5] }] } }, ['data.x[0].numeric']],
    ['two numbers at once', { data: { x: [{ numeric: ['=', 5, '=', 6] }] } }, ['data.x[0].numeric']],
    ['a number beyond a bound', { data: { x: [{ numeric: ['=', 5, '<', 5] }] } }, ['data.x[0].numeric']],
    [
      'a number where there is a text',
      { subject: [5], timestamp: [{ numeric: ['>', 1] }] },
      ['subject[0]', 'timestamp[0]'],
    ],
    ['fields of a text', { type: { name: ['a'] } }, ['type']],
    [
      'that what is always there is not',
      { id: [{ exists: false }], data: [{ exists: false }] },
      ['id[0]', 'data[0]'],
    ],
  ])('is warned of: %s', (_name, filter, paths) => {
    expect(warningsOf(filter)).toEqual(paths);
  });

  it.each([
    {},
    { type: ['invoice.paid', { wildcard: 'invoice.*' }], source: [{ exists: false }] },
    { data: { x: [{ numeric: ['>=', 5, '<=', 5] }, { numeric: ['>', 5] }, { numeric: ['<', 3, '<', 5] }] } },
    { data: { 'a-b': ['C#'], y: [{ exists: false }], z: [null] }, extensions: { region: ['eu'] } },
  ])('is not what this is: %j', (filter) => expect(warningsOf(filter)).toEqual([]));

  it('is warned of twenty times at most, each with a short path', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`x.${n}${'y'.repeat(200)}`, [1]]));
    const made = readFilter(many);
    const warnings = 'warnings' in made ? made.warnings : [];
    expect(warnings).toHaveLength(20);
    expect(Math.max(...warnings.map(({ path }) => path.length))).toBeLessThanOrEqual(200);
  });
});
