import { applicatorRules } from './applicator-rules.js';
import { arrayRules, unevaluatedItems } from './array-rules.js';
import type { Budget } from './budget.js';
import {
  applied,
  type Check,
  type Compile,
  fault,
  isObject,
  type JsonSchema,
  type Rule,
  Seen,
  seenNothing,
} from './evaluation.js';
import { LinearPattern } from './linear-pattern.js';
import { numberRules } from './number-rules.js';
import { objectRules, unevaluatedProperties } from './object-rules.js';
import { valueRules } from './value-rules.js';
import { targetOf } from './walk-schema.js';

const counted = ['required', 'enum', 'properties', 'dependentRequired', 'patternProperties'] as const;

const always: Check = () => seenNothing;
const never: Check = (_value, at) => {
  fault(at, 'is not allowed');
  return undefined;
};

/**
 * Makes the check of a schema that was walked through: each schema in it becomes a list of rules, once, however often it
 * is referred to.
 * @throws for a pattern that RE2 does not have.
 */
export function checkerOf(targets: ReadonlyMap<string, unknown>, budget: Budget): Check {
  const checks = new Map<object, Check>();
  const patternOf = (source: string): LinearPattern => new LinearPattern(source, budget);

  const compile: Compile = (schema) => {
    if (!isObject(schema)) return schema === false ? never : always;
    const known = checks.get(schema);
    if (known) return known;
    const rules: Rule[] = [];
    const check = checkOf(rules, costOf(schema));
    // First, as it may refer to itself.
    checks.set(schema, check);
    rules.push(...rulesOf(schema));
    return check;
  };

  const rulesOf = (schema: JsonSchema): Rule[] => [
    ...references(schema),
    ...made(valueRules, schema, (make, argument) => make(argument as never, patternOf)),
    ...made(numberRules, schema, (make, argument) => make(argument as number)),
    ...made(objectRules, schema, (make) => make(schema, compile, patternOf)),
    ...made(arrayRules, schema, (make) => make(schema, compile)),
    ...made(applicatorRules, schema, (make) => make(schema, compile)),
    // Last, as they go by what all others have seen.
    ...made({ unevaluatedItems, unevaluatedProperties }, schema, (make) => make(schema, compile, patternOf)),
  ];

  /** A schema is one document: a dynamic reference is one like any other. */
  const references = (schema: JsonSchema): Rule[] =>
    ['$ref', '$dynamicRef']
      .filter((keyword) => Object.hasOwn(schema, keyword))
      .map((keyword) => {
        const check = compile(targets.get(targetOf(schema[keyword])));
        return (value, frame) => applied(check(value, frame), frame);
      });

  return compile(targets.get('#'));
}

function checkOf(rules: readonly Rule[], cost: number): Check {
  return (value, { run, path }) => {
    run.budget.spend(cost + sizeOf(value));
    const frame = { run, path, seen: run.tracks ? new Seen() : seenNothing };
    let valid = true;
    for (const rule of rules) {
      if (rule(value, frame)) continue;
      valid = false;
      if (!run.errors) break;
    }
    return valid ? frame.seen : undefined;
  };
}

function made<Make>(
  table: Readonly<Record<string, Make>>,
  schema: JsonSchema,
  call: (make: Make, argument: unknown) => Rule | undefined,
): Rule[] {
  return Object.entries(table)
    .filter(([keyword]) => Object.hasOwn(schema, keyword))
    .map(([keyword, make]) => call(make, schema[keyword]))
    .filter((rule) => rule !== undefined);
}

function costOf(schema: JsonSchema): number {
  const sizes = counted.map((keyword) => countOf(schema[keyword]));
  const needs = Object.values((schema['dependentRequired'] as object | undefined) ?? {}).map(countOf);
  return [...sizes, ...needs].reduce((sum, size) => sum + size, 1);
}

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

/** What rules that look at the whole of a value take at least. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length / 16;
  if (typeof value !== 'object' || value === null) return 0;
  return Array.isArray(value) ? value.length / 16 : Object.keys(value).length;
}
