import { compileSchema } from './compile-schema.js';

function validate(schema: Record<string, unknown>, value: unknown): string[] {
  const compiled = compileSchema(schema);
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
  return compiled.validate(JSON.stringify(value)).map(({ path, message }) => `${path} ${message}`);
}

/** What validators often have otherwise. */
describe('a schema by JSON Schema 2020-12', () => {
  const inherited = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'];

  it.each(inherited)('finds no member %s that an object does not have itself', (name) => {
    const of = (json: string) => JSON.parse(json) as Record<string, unknown>;
    const check = (schema: Record<string, unknown>, json: string) => {
      const compiled = compileSchema(schema);
      return 'faults' in compiled ? compiled.faults : compiled.validate(json);
    };
    expect(check({ required: [name] }, '{}')).toHaveLength(1);
    expect(check({ required: [name] }, `{"${name}":1}`)).toEqual([]);
    expect(check(of(`{"properties":{"${name}":{"type":"number"}}}`), '{}')).toEqual([]);
    expect(check(of(`{"properties":{"${name}":{"type":"number"}}}`), `{"${name}":"x"}`)).toHaveLength(1);
    expect(check({ additionalProperties: false }, `{"${name}":1}`)).toHaveLength(1);
    expect(check({ unevaluatedProperties: false }, `{"${name}":1}`)).toHaveLength(1);
    expect(check(of(`{"dependentRequired":{"${name}":["a"]}}`), '{}')).toEqual([]);
    expect(check(of(`{"dependentSchemas":{"${name}":false}}`), '{}')).toEqual([]);
  });

  const branches = {
    unevaluatedProperties: false,
    if: { properties: { foo: { const: 'then' } }, required: ['foo'] },
  };
  const contains = { prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: false };
  it.each<[string, Record<string, unknown>, unknown[], unknown[]]>([
    [
      'if without then',
      { ...branches, else: { properties: { baz: true } } },
      [{ foo: 'then' }, { baz: 1 }],
      [{ foo: 'else' }, { foo: 'then', baz: 1 }],
    ],
    ['if alone', branches, [{ foo: 'then' }, {}], [{ foo: 'else' }]],
    [
      'contains beside unevaluatedItems',
      contains,
      [
        [1, 'a'],
        [1, 'a', 'b'],
      ],
      [[1, 2], [1, 'a', 2], []],
    ],
    [
      'unevaluatedItems behind a branch',
      { anyOf: [{ prefixItems: [true] }, { prefixItems: [true, { const: 2 }] }], unevaluatedItems: false },
      [[1], [1, 2]],
      [[1, 3]],
    ],
    [
      'unevaluatedProperties behind a reference',
      { $ref: '#/$defs/a', $defs: { a: { properties: { a: true } } }, unevaluatedProperties: false },
      [{ a: 1 }],
      [{ b: 1 }],
    ],
    [
      'not, which evaluates nothing',
      { not: { not: { properties: { a: true } } }, unevaluatedProperties: false },
      [{}],
      [{ a: 1 }],
    ],
    [
      'dependentSchemas',
      { dependentSchemas: { a: { required: ['b'] } } },
      [{}, { b: 1 }, { a: 1, b: 1 }],
      [{ a: 1 }],
    ],
    ['maxContains', { contains: { const: 1 }, minContains: 0, maxContains: 1 }, [[], [1]], [[1, 1]]],
    [
      'a percent-encoded reference',
      { $ref: '#/$defs/a%25b', $defs: { 'a%b': { type: 'string' } } },
      ['x'],
      [1],
    ],
    [
      'a dynamic reference',
      { $dynamicRef: '#a', $defs: { a: { $dynamicAnchor: 'a', type: 'string' } } },
      ['x'],
      [1],
    ],
    [
      'long names of properties',
      { pattern: '^\\p{Letter}\\P{gc=Number}\\p{Script=Greek}$' },
      ['aaλ'],
      ['a1λ', 'aaa'],
    ],
    ['characters', { maxLength: 1, minLength: 1 }, ['😀', 'a'], ['', 'ab']],
    ['an empty enum', { enum: [] }, [], [1, null]],
  ])('knows %s', (_, schema, right, wrong) => {
    expect(right.map((value) => validate(schema, value))).toEqual(right.map(() => []));
    expect(wrong.filter((value) => validate(schema, value).length === 0)).toEqual([]);
  });

  it('may be true or false', () => {
    const errors = [true, false].map((schema) => {
      const compiled = compileSchema(schema);
      return 'faults' in compiled ? compiled.faults : compiled.validate('1');
    });
    expect(errors).toEqual([[], [{ path: '', message: 'must NOT be valid' }]]);
  });

  it('says what is wrong once for each place, twenty times at most', () => {
    expect(validate({ items: { type: 'string' } }, Array(100).fill(1))).toHaveLength(20);
    expect(validate({ anyOf: [{ type: 'string' }, { minimum: 5 }] }, 1)).toEqual([
      ' must be string',
      ' must be >= 5',
      ' must match a schema in anyOf',
    ]);
  });
});
