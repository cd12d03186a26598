import fc from 'fast-check';
import { compileSchema } from './compile-schema.js';

describe('numbers are judged by their digits', () => {
  const isValid = (schema: Record<string, unknown>, json: string): boolean => {
    const compiled = compileSchema(schema);
    if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
    return compiled.validate(json).length === 0;
  };

  it.each([
    [
      0.01,
      ['19.99', '0.07', '1.13', '4.35', '5001.77', '-0.03', '0', '-0.0', '1e2', '1.10', '1e400'],
      ['19.995', '0.0149999', '1e-400', '19.990000000000000001'],
    ],
    [0.1, ['0.3', '1.1', '12345678901234567890.1'], ['0.35', '12345678901234567890.15']],
    [0.05, ['0.15', '0.35', '1.05'], ['0.07']],
    [0.001, ['0.003', '1.001'], ['0.0005']],
    [1e-8, ['0.00000003', '12392.02345678', '1e-8', '1e-7'], ['1e-9', '0.000000015']],
    [7, ['14', '70000000000000000000007', '700000000000000000000e-3'], ['15', '70000000000000000000008']],
    [1e-7, ['1e1000000000000'], ['1e-1000000000000']],
  ])('multiples of %s', (multipleOf, right, wrong) => {
    expect(right.filter((json) => !isValid({ multipleOf }, json))).toEqual([]);
    expect(wrong.filter((json) => isValid({ multipleOf }, json))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[], string[]]>([
    [
      'enum',
      { enum: [9007199254740992] },
      ['9007199254740992', '9007199254740992.0', '9007199254740992e0'],
      ['9007199254740993'],
    ],
    [
      'const',
      { const: { a: [0.1] } },
      ['{"a":[0.10]}', '{"a":[1e-1]}'],
      ['{"a":[0.1000000000000000000001]}'],
    ],
    ['minimum', { minimum: 9007199254740992 }, ['9007199254740993'], ['9007199254740991.9']],
    ['maximum', { maximum: 9007199254740992 }, ['9007199254740991.9'], ['9007199254740993', '1e400']],
    ['exclusiveMinimum', { exclusiveMinimum: 0 }, ['1e-400'], ['-1e-400', '0e400']],
    ['exclusiveMaximum', { exclusiveMaximum: 1 }, ['0.99999999999999999999', '-1e400'], ['1.0']],
    [
      'integer',
      { type: 'integer' },
      ['1e400', '9007199254740993', '1.0', '120e-1'],
      ['9007199254740993.5', '1.00000000000000000001'],
    ],
    ['number', { type: 'number' }, ['1e400', '1e-400'], ['"1"', 'true']],
    [
      'uniqueItems',
      { uniqueItems: true },
      ['[9007199254740992,9007199254740993]'],
      ['[9007199254740993,9007199254740993.0]', '[1,1.0]', '[0,-0]'],
    ],
  ])('%s', (_, schema, right, wrong) => {
    expect(right.filter((json) => !isValid(schema, json))).toEqual([]);
    expect(wrong.filter((json) => isValid(schema, json))).toEqual([]);
  });

  it('takes time in proportion to their length, and to nothing that they say', () => {
    const schema = { multipleOf: 0.07, minimum: 0.01, type: 'integer', enum: [1] };
    const startedAt = performance.now();
    for (const json of ['7'.repeat(250_000), `1e${'9'.repeat(100_000)}`, `0.${'0'.repeat(250_000)}7`])
      expect(isValid(schema, json)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('agrees with exact arithmetic', () => {
    const amount = fc.record({
      units: fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
      places: fc.integer({ min: 0, max: 20 }),
    });
    const textOf = ({ units, places }: { units: bigint; places: number }): string => {
      const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
      const at = digits.length - places;
      return `${units < 0n ? '-' : ''}${digits.slice(0, at)}${places > 0 ? `.${digits.slice(at)}` : ''}`;
    };
    const divisor = fc.constantFrom(0.01, 0.05, 0.1, 0.25, 0.001, 1e-8, 3, 7, 10, 1.13);
    fc.assert(
      fc.property(amount, divisor, (one, multipleOf) => {
        // Both in units of 10^-28.
        const value = one.units * 10n ** BigInt(28 - one.places);
        const step = BigInt(Math.round(multipleOf * 1e8)) * 10n ** 20n;
        expect(isValid({ multipleOf }, textOf(one))).toBe(value % step === 0n);
        expect(isValid({ minimum: multipleOf }, textOf(one))).toBe(value >= step);
        expect(isValid({ type: 'integer' }, textOf(one))).toBe(value % 10n ** 28n === 0n);
      }),
      { numRuns: 2000 },
    );
  });
});
