import fc from 'fast-check';
import type { Schema } from './api-document.js';

type Resolve = (ref: string) => Schema;

/** Values that a JSON Schema allows, its bounds among them. */
export function arbitraryOf(schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> {
  const { $ref, anyOf, enum: values, type } = schema;
  if (typeof $ref === 'string') return arbitraryOf(resolve($ref), resolve);
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as Schema[]).map((one) => arbitraryOf(one, resolve)));
  if (Array.isArray(values)) return fc.constantFrom(...(values as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  if (type === undefined) return fc.jsonValue({ maxDepth: 3 });
  const types = [type].flat() as (keyof typeof ofType)[];
  return fc.oneof(...types.map((one) => ofType[one](schema, resolve)));
}

const ofType = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  string: stringOf,
  integer: ({ minimum = -1000, maximum = 100_000 }: Schema) =>
    fc.integer({ min: minimum as number, max: maximum as number }),
  number: ({ minimum = -1000, maximum = 100_000 }: Schema) =>
    fc.double({ min: minimum as number, max: maximum as number, noNaN: true }),
  array: ({ items = {}, minItems = 0, maxItems = 5, uniqueItems }: Schema, resolve: Resolve) => {
    const item = arbitraryOf(items as Schema, resolve);
    const lengths = { minLength: minItems as number, maxLength: Math.min(maxItems as number, 5) };
    return uniqueItems === true ? fc.uniqueArray(item, lengths) : fc.array(item, lengths);
  },
  object: objectOf,
} satisfies Record<string, (schema: Schema, resolve: Resolve) => fc.Arbitrary<unknown>>;

/** What the document says of a text that may hold anything but U+0000. */
const anyText = String.raw`^[^\u0000]*$`;

function stringOf(schema: Schema): fc.Arbitrary<unknown> {
  const { pattern, format, minLength = 0, maxLength = 60 } = schema;
  if (format === 'date-time') {
    const range = { min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };
    return fc.date(range).map((date) => date.toISOString());
  }
  const max = maxLength as number;
  if (typeof pattern === 'string' && pattern !== anyText)
    return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= max);
  const longest = fc.constant('x'.repeat(max));
  return fc.oneof(
    { weight: 5, arbitrary: fc.string({ minLength: minLength as number, maxLength: Math.min(max, 60) }) },
    { weight: 1, arbitrary: longest },
  );
}

function objectOf(schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties, propertyNames } = schema;
  if (properties !== undefined) {
    const fields = Object.entries(properties as Record<string, Schema>);
    return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, arbitraryOf(field, resolve)])), {
      requiredKeys: required as string[],
    });
  }
  const values = typeof additionalProperties === 'object' ? (additionalProperties as Schema) : {};
  const { maxLength = 20 } = (propertyNames ?? {}) as { maxLength?: number };
  return fc.dictionary(fc.string({ minLength: 1, maxLength }), arbitraryOf(values, resolve), { maxKeys: 4 });
}
