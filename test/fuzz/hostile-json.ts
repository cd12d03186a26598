import fc from 'fast-check';
import { listed, maxBytes, type Pieces, pieces, textOf } from './hostile.js';

/** How to write a JSON text: small, where the text may be long, deep or full of the same. */
export type Recipe =
  | readonly ['word', string]
  | readonly ['digits', number]
  | readonly ['text', Pieces]
  | readonly ['array', times: number, item: Recipe]
  | readonly ['list', readonly Recipe[]]
  | readonly ['deep', open: '[' | '{', times: number, inside: Recipe]
  | readonly ['object', readonly (readonly [name: Pieces, value: Recipe])[]]
  | readonly ['names', prefix: Pieces, times: number, value: Recipe]
  | readonly ['same', name: Pieces, times: number, value: Recipe];

const words = [
  ...listed(`
  null true false 0 -0 1 1.0 0.1 -12.50E-3 1e400 9007199254740993 0.07 "" "__proto__" {} [] 1e-8 255`),
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\/"',
];
const many = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 30_000 }) },
);

/** Recipes; `names` and `texts` are what the parser at hand looks for. */
export function recipes(names: readonly string[] = [], texts: readonly string[] = []): fc.Arbitrary<Recipe> {
  const name = fc.oneof(...(names.length > 0 ? [{ weight: 6, arbitrary: nameOf(names) }] : []), {
    weight: 1,
    arbitrary: pieces(names, 3),
  });
  return fc.letrec<{ value: Recipe }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      { weight: 3, arbitrary: fc.constantFrom(...words).map((word): Recipe => ['word', word]) },
      { weight: 3, arbitrary: pieces(texts, 4).map((text): Recipe => ['text', text]) },
      { weight: 1, arbitrary: many.map((count): Recipe => ['digits', count]) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('array' as const), many, tie('value')) },
      {
        weight: 2,
        arbitrary: fc.tuple(fc.constant('list' as const), fc.array(tie('value'), { maxLength: 4 })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constant('deep' as const), fc.constantFrom('[', '{'), many, tie('value')),
      },
      {
        weight: 4,
        arbitrary: fc.tuple(
          fc.constant('object' as const),
          fc.array(fc.tuple(name, tie('value')), { maxLength: 5 }),
        ),
      },
      { weight: 1, arbitrary: fc.tuple(fc.constant('names' as const), name, many, tie('value')) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('same' as const), name, many, tie('value')) },
    ),
  })).value;
}

function nameOf(names: readonly string[]): fc.Arbitrary<Pieces> {
  return fc.constantFrom(...names).map((name): Pieces => [[name, 1]]);
}

type Of<Kind extends Recipe[0]> = Extract<Recipe, readonly [Kind, ...unknown[]]>;
type Write<Kind extends Recipe[0]> = (recipe: Of<Kind>, room: number) => string;

const writes: { readonly [Kind in Recipe[0]]: Write<Kind> } = {
  word: ([, word]) => word,
  digits: ([, times], room) => '9'.repeat(Math.max(1, Math.min(times, room))),
  text: ([, text], room) => quoted(text, room),
  array: ([, times, item], room) => {
    const text = jsonOf(item, room);
    return `[${repeated(() => text, times, room)}]`;
  },
  list: ([, items], room) => {
    const share = Math.floor(room / Math.max(1, items.length));
    return `[${items.map((item) => jsonOf(item, share)).join(',')}]`;
  },
  deep: ([, open, times, inside], room) => {
    const [opening, closing] = open === '[' ? ['[', ']'] : ['{"a":', '}'];
    const levels = Math.min(times, Math.floor(room / 2 / (opening.length + 1)));
    return opening.repeat(levels) + jsonOf(inside, room / 2) + closing.repeat(levels);
  },
  object: ([, members], room) => {
    const share = Math.floor(room / (2 * Math.max(1, members.length)));
    return `{${members.map(([name, value]) => `${quoted(name, share)}:${jsonOf(value, share)}`).join(',')}}`;
  },
  names: ([, prefix, times, value], room) => {
    const [name, inside] = [quoted(prefix, room / 4).slice(0, -1), jsonOf(value, room / 4)];
    return `{${repeated((index) => `${name}${index}":${inside}`, times, room)}}`;
  },
  same: ([, name, times, value], room) => {
    const member = `${quoted(name, room / 4)}:${jsonOf(value, room / 4)}`;
    return `{${repeated(() => member, times, room)}}`;
  },
};

/** The JSON text; what is repeated is repeated only as often as fits into about `room` bytes. */
export function jsonOf(recipe: Recipe, room = maxBytes): string {
  const write = writes[recipe[0]] as Write<Recipe[0]>;
  return write(recipe, room);
}

function repeated(one: (index: number) => string, times: number, room: number): string {
  const items: string[] = [];
  for (let size = 0; items.length < times && size < room; size += (items.at(-1)?.length ?? 0) + 1)
    items.push(one(items.length));
  return items.join(',');
}

function quoted(text: Pieces, room: number): string {
  return JSON.stringify(textOf(text, Math.max(0, Math.floor(room))));
}
