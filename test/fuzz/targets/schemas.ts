import { compileSchema } from '#libs/schemas';
import fc from 'fast-check';
import { scanValue } from '../../../apps/gateway/src/publish-event/scan-json.js';
import { listed, type Pieces } from '../hostile.js';
import { jsonOf, type Recipe, recipes } from '../hostile-json.js';
import { target } from '../target.js';

const maxSchemaBytes = 64 * 1024;
/** Of all JSON that is sent to the API. */
const maxDepth = 64;
const keywords = listed(`
  type properties required items prefixItems contains minContains enum const allOf anyOf oneOf not if
  then else pattern patternProperties propertyNames format multipleOf minimum maximum minLength
  maxLength uniqueItems unevaluatedProperties unevaluatedItems additionalProperties dependentRequired
  dependentSchemas $ref $defs $dynamicRef minItems maxProperties $anchor $dynamicAnchor x a
  constructor`);
const texts = listed(`
  object array string number integer # #/$defs/a #/$defs/x #/properties/a date-time email uri hostname
  ipv6 uuid duration (a+)+$ ^(a|aa)+$ (a{1,50}){1,50} [a-z]*[a-z]*[a-z]*1 a x aa`);
const member = (name: string, value: Recipe): readonly [Pieces, Recipe] => [[[name, 1]], value];
const word = (of: string): Recipe => ['word', of];

/** Schemas that compile: what is random in a whole one seldom does. */
const small: fc.Arbitrary<Recipe> = fc.letrec<{ schema: Recipe }>((tie) => {
  const inside = tie('schema');
  const one = (name: string) => inside.map((schema) => member(name, schema));
  const many = (name: string) =>
    fc.array(inside, { minLength: 1, maxLength: 3 }).map((list) => member(name, ['list', list]));
  const named = (name: string) =>
    fc
      .array(fc.tuple(fc.constantFrom('a', 'x', 'constructor', '^a', '(a+)+$'), inside), { maxLength: 3 })
      .map((members) => member(name, ['object', members.map(([key, value]) => member(key, value))]));
  const text = (name: string, ...values: string[]) =>
    fc.constantFrom(...values).map((value) => member(name, ['text', [[value, 1]]]));
  const number = (name: string) =>
    fc
      .constantFrom('0', '0.01', '1e-8', '3', '0.1', '1e300', '9007199254740993')
      .map((value) => member(name, word(value)));
  return {
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(word('true'), word('{}')),
      fc
        .array(
          fc.oneof(
            ...['items', 'contains', 'not', 'if', 'else', 'unevaluatedItems', 'unevaluatedProperties'].map(
              one,
            ),
            ...['additionalProperties', 'propertyNames'].map(one),
            ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map(many),
            ...['properties', 'patternProperties', '$defs', 'dependentSchemas'].map(named),
            ...['multipleOf', 'minimum', 'maxLength', 'minItems'].map(number),
            text('type', 'object', 'array', 'string', 'number'),
            text('$ref', '#', '#/$defs/a', '#/properties/a'),
            text('pattern', ...texts.slice(16)),
            text(
              'format',
              'date-time',
              'email',
              'uri',
              'hostname',
              'ipv6',
              'uuid',
              'duration',
              'json-pointer',
            ),
            fc.constant(member('uniqueItems', word('true'))),
          ),
          { maxLength: 4 },
        )
        .map((members): Recipe => ['object', members]),
    ),
  };
}).schema;

export const schemaTargets = [
  target({
    name: 'schema-compiling',
    input: fc.oneof(recipes(keywords, texts), small),
    // Compiling makes a function: much more than reading.
    cost: { fixedMs: 150, msPerKiB: 20 },
    prepare: (recipe) => {
      const json = jsonOf(recipe, maxSchemaBytes);
      const schema = schemaIn(json);
      return {
        bytes: json.length,
        run: () => {
          const compiled = schema === undefined ? { faults: [] } : compileSchema(schema);
          return 'faults' in compiled ? compiled.faults : undefined;
        },
      };
    },
  }),
  target({
    name: 'schema-validating',
    input: fc.record({
      schema: small,
      value: recipes(['a', 'x', 'constructor'], ['a', 'aa', 'a@b', '1', '::1']),
    }),
    // A budget of 100,000 steps is free.
    cost: { fixedMs: 150, msPerKiB: 1 },
    prepare: (input) => {
      const schema = schemaIn(jsonOf(input.schema, 8000));
      const compiled = schema === undefined ? { faults: [] } : compileSchema(schema);
      const written = jsonOf(input.value);
      const json = isShallow(written) ? written : 'null';
      return {
        bytes: json.length,
        run: () => ('validate' in compiled ? compiled.validate(json) : undefined),
      };
    },
  }),
];

/** An object of JSON that the gateway lets through. */
function schemaIn(json: string): Record<string, unknown> | undefined {
  return json.startsWith('{') && isShallow(json) ? (JSON.parse(json) as Record<string, unknown>) : undefined;
}

function isShallow(json: string): boolean {
  try {
    scanValue(Buffer.from(json), maxDepth);
    return true;
  } catch {
    return false;
  }
}
