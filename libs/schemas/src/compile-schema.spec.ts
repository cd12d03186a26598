import { compileSchema } from './compile-schema.js';

function validate(schema: Record<string, unknown>, value: unknown): string[] {
  const compiled = compileSchema(schema);
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
  return compiled.validate(JSON.stringify(value)).map(({ path, message }) => `${path} ${message}`);
}

const isRefused = (schema: Record<string, unknown>): boolean => 'faults' in compileSchema(schema);

/** 0, then a reference to the one before in each, twice: 2ⁿ steps. */
const doubling = {
  $ref: '#/$defs/s30',
  $defs: Object.fromEntries(
    Array.from({ length: 31 }, (_, n) => {
      const before = { $ref: `#/$defs/s${n - 1}` };
      return [`s${n}`, n === 0 ? { type: 'integer' } : { allOf: [before, before] }];
    }),
  ),
};

describe('a schema', () => {
  const invoice = {
    type: 'object',
    properties: {
      amount: { type: 'integer', minimum: 0 },
      lines: { type: 'array', items: { $ref: '#/$defs/line' }, uniqueItems: true },
      at: { type: 'string', format: 'date-time' },
      'a/b': { type: 'string', pattern: '^[a-z]+$' },
    },
    required: ['amount'],
    additionalProperties: false,
    $defs: { line: { type: 'object', required: ['sku'] } },
  };

  it('lets pass what is as it says, and tells where the rest is not', () => {
    expect(
      validate(invoice, { amount: 1, lines: [{ sku: 'a' }], at: '2026-01-31T12:00:00Z', 'a/b': 'x' }),
    ).toEqual([]);
    expect(
      validate(invoice, { amount: -1, lines: [{ sku: 'a' }, {}], at: 'now', 'a/b': '1', more: 1 }),
    ).toEqual([
      '.more is not allowed',
      '.amount must be >= 0',
      '.lines[1].sku is missing',
      '.at must match format "date-time"',
      '.a/b must match pattern "^[a-z]+$"',
    ]);
    expect(validate(invoice, {})).toEqual(['.amount is missing']);
    expect(validate(invoice, 7)).toEqual([' must be object']);
  });

  it('tells items apart by their values, and not by how they are written', () => {
    const schema = { uniqueItems: true };
    expect(validate(schema, [{ a: 1, b: 2 }, { a: 1, b: 3 }, '1', 1])).toEqual([]);
    expect(
      validate(schema, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toEqual([' must not have the same item twice']);
  });

  it.each([
    ['a type that there is not', { type: 'text' }],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema' }],
    ['a reference to nothing', { $ref: '#/$defs/none' }],
    ['a reference to what is no schema', { $ref: '#/x/a', x: { a: { type: 'string' } } }],
    ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['an $id', { properties: { a: { $id: 'https://example.com/a' } } }],
    ['a backreference', { pattern: '(a)\\1' }],
    ['a look-ahead', { patternProperties: { '(?=a)b': {} } }],
    ['a pattern that is too large', { pattern: '(a{30}){30}b{500}' }],
    ['a pattern that is broken', { pattern: '(' }],
    ['too many schemas', { anyOf: Array.from({ length: 501 }, () => ({})) }],
    ['too many levels', Array.from({ length: 40 }).reduce<object>((inside) => ({ not: inside }), {})],
    ['too many bytes', { description: 'x'.repeat(65_536) }],
  ])('is refused for %s', (_, schema) => {
    expect(isRefused(schema as Record<string, unknown>)).toBe(true);
  });

  it.each([
    [
      'https://json-schema.org/draft/2020-12/schema',
      { $schema: 'https://json-schema.org/draft/2020-12/schema' },
    ],
    ['itself', { properties: { next: { $ref: '#' } } }],
    ['an anchor', { $ref: '#a', $defs: { a: { $anchor: 'a', type: 'object' } } }],
    ['names that are keywords', { properties: { $ref: { type: 'string' }, enum: {}, constructor: {} } }],
  ])('may name %s', (_, schema) => {
    expect(validate(schema, {})).toEqual([]);
  });
});

describe('what a schema costs is bounded', () => {
  const endless = [' cannot be validated: by its schema that takes too many steps'];
  const many = (count: number, item: (n: number) => unknown): unknown[] =>
    Array.from({ length: count }, (_, n) => item(n));

  it.each<[string, Record<string, unknown>, unknown]>([
    ['refers to itself', { $ref: '#' }, 1],
    ['doubles its work at each step', doubling, 1],
    [
      'has a thousand rules for each of many items',
      { items: { allOf: many(400, () => ({ minimum: 0 })) } },
      many(50_000, () => 1),
    ],
    [
      'looks through a long list for each of many items',
      { items: { enum: many(9000, (n) => n) } },
      many(50_000, () => -1),
    ],
    [
      'matches a long text often',
      { allOf: many(400, (n) => ({ pattern: `^(a+)+${n}$` })) },
      'a'.repeat(200_000),
    ],
    ['measures a long text often', { allOf: many(400, (n) => ({ minLength: n })) }, 'a'.repeat(200_000)],
  ])('where it %s', (_, schema, value) => {
    const startedAt = performance.now();
    expect(validate(schema, value)).toEqual(endless);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('also where many items have to be different, and where a pattern makes other engines hang', () => {
    const startedAt = performance.now();
    expect(
      validate(
        { uniqueItems: true },
        many(20_000, (n) => ({ n })),
      ),
    ).toEqual([]);
    expect(validate({ pattern: '^(a+)+$' }, `${'a'.repeat(20_000)}!`)).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
