import fc from 'fast-check';
import { readMessage } from '../../../apps/gateway/src/publish-event/read-message.js';
import { readRequest } from '../../../apps/gateway/src/publish-event/read-request.js';
import { listed, damage, damaged, type Pieces, pieces, textOf } from '../hostile.js';
import { jsonOf, type Recipe, recipes } from '../hostile-json.js';
import { target } from '../target.js';
import { contractFault } from './accepted.js';

const options = { maxPayloadBytes: 256 * 1024, hasOtherId: false };
/** Node.js takes no more of headers. */
const maxHeadBytes = 16 * 1024;
const names = listed(`
  specversion id source type time subject dataschema datacontenttype data data_base64 ext1 traceparent
  __proto__ constructor`);
const texts = [
  '1.0',
  '/source',
  'a.b',
  'id-1',
  '2026-01-01T00:00:00Z',
  'application/json',
  'text/plain',
  'aGVsbG8=',
];
const good: Readonly<Record<string, string>> = { specversion: '1.0', id: 'id-1', source: '/x', type: 'a.b' };

const heads = fc.record({
  /** Without what makes it a CloudEvent, little of it is read. */
  isComplete: fc.boolean(),
  attributes: fc.array(fc.tuple(fc.constantFrom(...names), pieces(texts, 4)), { maxLength: 8 }),
  extensions: fc.integer({ min: 0, max: 300 }),
  contentType: fc.constantFrom(
    undefined,
    'application/json',
    'text/plain',
    'application/cloudevents+json',
    'a/b+json; x',
    ' ',
  ),
  body: recipes([], texts),
  damage,
});

interface Head {
  readonly isComplete: boolean;
  readonly attributes: readonly (readonly [string, Pieces])[];
  readonly extensions: number;
}

/** As they would stand in a head of that length. */
function attributesOf({ isComplete, attributes, extensions }: Head, prefix: string): Record<string, string> {
  const share = Math.floor(maxHeadBytes / (attributes.length + 1));
  return {
    ...Object.fromEntries(Array.from({ length: extensions }, (_, index) => [`${prefix}x${index}`, 'v'])),
    ...(isComplete &&
      Object.fromEntries(Object.entries(good).map(([name, value]) => [prefix + name, value]))),
    ...Object.fromEntries(attributes.map(([name, value]) => [prefix + name, textOf(value, share)])),
  };
}

function sizeOf(head: Readonly<Record<string, unknown>>): number {
  return Object.entries(head).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
}

const structured = fc.record({ recipe: fc.oneof(recipes(names, texts), eventRecipes()), damage });

/** Those that have what is required, and more. */
function eventRecipes(): fc.Arbitrary<Recipe> {
  const required = Object.entries(good).map(([name, value]): readonly [Pieces, Recipe] => [
    [[name, 1]],
    ['text', [[value, 1]]],
  ]);
  const more = fc.array(fc.tuple(fc.constantFrom(...names), recipes([], texts)), { maxLength: 4 });
  return more.map((added): Recipe => [
    'object',
    [...required, ...added.map(([name, value]): readonly [Pieces, Recipe] => [[[name, 1]], value])],
  ]);
}

export const cloudEventTargets = [
  target({
    name: 'cloud-event-http',
    input: heads,
    prepare: (input) => {
      const { contentType } = input;
      const body = damaged(jsonOf(input.body), input.damage);
      // Node.js hands header values over as Latin-1.
      const head = Object.fromEntries(
        Object.entries(attributesOf(input, 'ce-')).map(([name, value]) => [
          name,
          Buffer.from(value).toString('latin1'),
        ]),
      );
      const headers = { ...head, ...(contentType !== undefined && { 'content-type': contentType }) };
      return {
        bytes: body.length + sizeOf(headers),
        run: () => readRequest({ body, headers }, options),
        check: contractFault,
      };
    },
  }),
  target({
    name: 'cloud-event-amqp',
    input: heads,
    prepare: (input) => {
      const { contentType } = input;
      const body = damaged(jsonOf(input.body), input.damage);
      const headers: Record<string, unknown> = attributesOf(input, 'cloudEvents:');
      return {
        bytes: body.length + sizeOf(headers),
        run: () => readMessage({ body, headers, ...(contentType !== undefined && { contentType }) }, options),
        check: contractFault,
      };
    },
  }),
  target({
    name: 'cloud-event-structured',
    input: structured,
    prepare: ({ recipe, damage: places }) => {
      const body = damaged(jsonOf(recipe), places);
      return {
        bytes: body.length,
        run: () => readMessage({ body, headers: {}, contentType: 'application/cloudevents+json' }, options),
        check: contractFault,
      };
    },
  }),
];
