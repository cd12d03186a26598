import { Problem } from '#libs/contracts';
import { notJson, readFilter } from '#libs/filter';
import fc from 'fast-check';
import { TypeParts, TypePatterns } from '../../../apps/router/src/route-event/type-patterns.js';
import { listed, periodic, type Pieces, pieces, textOf } from '../hostile.js';
import { jsonOf, type Recipe, recipes } from '../hostile-json.js';
import { target } from '../target.js';

const operators = listed(`
  data id type timestamp $or x equals-ignore-case prefix suffix wildcard cidr numeric exists
  anything-but`);
const operands = ['*', '*ab', 'aa', 'a', '10.0.0.0/8', '2001:db8::/32', '>', '<=', '=', '\\*', 'b'];
/** As long as a filter may be. */
const maxPatternLength = 8000;

type Condition = readonly [operator: string, operand: Recipe];

const periods = ['a', 'ab', 'aab', '*ab', '*', 'b'];
const asText = (of: Pieces): Recipe => ['text', of];
const text = fc.oneof(pieces(operands, 4), periodic(periods)).map(asText);
const conditions: fc.Arbitrary<Condition> = fc.tuple(
  fc.constantFrom('wildcard', 'prefix', 'suffix', 'equals-ignore-case', 'anything-but', 'cidr'),
  fc.oneof(
    text,
    fc.array(text, { minLength: 1, maxLength: 4 }).map((list): Recipe => ['list', list]),
  ),
);
/** Conditions that can be read, on fields that the event has, up to as many as there may be. */
const readable = fc.record({
  conditions: fc.array(conditions, { minLength: 1, maxLength: 3 }),
  times: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 70 })),
  value: fc.oneof(
    { weight: 3, arbitrary: periodic(periods).map(asText) },
    { weight: 1, arbitrary: recipes(['x', 'y'], ['a', 'ab', 'aab', '10.1.2.3', '2001:db8::1']) },
  ),
});

function filterOf(list: readonly Condition[], times: number): string {
  const all = Array.from({ length: times }, () => list).flat();
  const share = Math.floor(maxPatternLength / all.length);
  return `{"data":{"x":[${all.map(([operator, operand]) => `{"${operator}":${jsonOf(operand, share)}}`).join(',')}]}}`;
}

export const filterTargets = [
  target({
    name: 'filter-reading',
    input: recipes(operators, operands),
    prepare: (recipe) => {
      const json = jsonOf(recipe, 64 * 1024);
      const filter: unknown = JSON.parse(json);
      return {
        bytes: json.length,
        run: () => {
          if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return undefined;
          const read = readFilter(filter);
          if ('faults' in read) throw new Problem('validation_failed', 'The filter is invalid.', read.faults);
          return undefined;
        },
      };
    },
  }),
  target({
    name: 'filter-matching',
    input: readable,
    prepare: ({ conditions: list, times, value }) => {
      const json = filterOf(list, times);
      const read = readFilter(JSON.parse(json) as object);
      const data = jsonOf(value);
      const event = {
        id: 'e',
        type: 'a.b',
        timestamp: '2026-01-01T00:00:00Z',
        data: { x: JSON.parse(data) as unknown },
      };
      return {
        bytes: json.length + data.length,
        run: () =>
          'filter' in read
            ? [read.filter.mismatch(event), read.filter.mismatch({ ...event, data: notJson })]
            : undefined,
      };
    },
  }),
  target({
    name: 'filter-any',
    input: fc.record({ filter: recipes(operators, operands), data: recipes(['x', 'y'], operands) }),
    prepare: ({ filter, data }) => {
      const [json, event] = [jsonOf(filter, maxPatternLength), jsonOf(data)];
      const parsed: unknown = JSON.parse(json);
      const read =
        typeof parsed === 'object' && parsed !== null ? readFilter({ data: parsed }) : { faults: [] };
      const value = {
        id: 'e',
        type: 'a.b',
        timestamp: '2026-01-01T00:00:00Z',
        data: JSON.parse(event) as unknown,
      };
      return {
        bytes: json.length + event.length,
        run: () => ('filter' in read ? read.filter.mismatch(value) : undefined),
      };
    },
  }),
  target({
    name: 'wildcard',
    input: fc.record({
      pattern: pieces(['*', 'a', 'ab', 'b', '\\*'], 5),
      text: periodic(['a', 'ab', 'b', '*']),
    }),
    prepare: (input) => {
      const pattern = textOf(input.pattern, 400);
      const subject = textOf(input.text, 3000);
      const read = readFilter({ data: { x: [{ wildcard: pattern }] } });
      const event = { id: 'e', type: 'a', timestamp: '2026-01-01T00:00:00Z', data: { x: subject } };
      return {
        bytes: pattern.length + subject.length,
        run: () => ('filter' in read ? read.filter.mismatch(event) === undefined : undefined),
        check: (answer) =>
          answer === undefined || answer === matchesSlowly(pattern, subject)
            ? undefined
            : 'matched otherwise than defined',
      };
    },
  }),
  target({
    name: 'pattern',
    input: fc.record({
      pattern: pieces(['#', '*', 'a', '.', '#.', 'a.'], 5),
      type: pieces(['a', 'b', '.', 'a.'], 5),
    }),
    prepare: (input) => {
      const [pattern, type] = [cut(input.pattern), cut(input.type)];
      return {
        bytes: pattern.length + type.length,
        run: () => new TypePatterns([pattern]).match(new TypeParts(type)),
      };
    },
    cost: { fixedMs: 2, msPerKiB: 2 },
  }),
];

function cut(of: Pieces): string {
  return textOf(of, 255);
}

/** By its definition: row by row, without any cleverness. */
function matchesSlowly(pattern: string, subject: string): boolean {
  const tokens = [...pattern.matchAll(/\\[*\\]|\*|[^*\\]/gsu)].map(([token]) => token);
  let reached = new Set([0]);
  for (const token of tokens) {
    if (token === '*') {
      const first = Math.min(...reached);
      reached = new Set(Array.from({ length: subject.length - first + 1 }, (_, index) => first + index));
    } else {
      const wanted = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
      reached = new Set(
        [...reached].filter((at) => subject.startsWith(wanted, at)).map((at) => at + wanted.length),
      );
    }
    if (reached.size === 0) return false;
  }
  return reached.has(subject.length);
}
