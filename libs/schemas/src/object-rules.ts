import {
  type Check,
  type Compile,
  fault,
  type Frame,
  holdsFor,
  isObject,
  type JsonSchema,
  type Rule,
  silently,
} from './evaluation.js';
import type { LinearPattern } from './linear-pattern.js';

type Members = Readonly<Record<string, unknown>>;
type Make = (schema: JsonSchema, compile: Compile, patternOf: (source: string) => LinearPattern) => Rule;

/** Rules on objects, by the keyword that brings each. A member is the object's own, whatever its name. */
export const objectRules: Readonly<Record<string, Make>> = {
  additionalProperties: (schema, compile, patternOf) => {
    const check = compile(schema['additionalProperties']);
    const names = Object.keys((schema['properties'] as object | undefined) ?? {});
    const known = new Set(names);
    const patterns = Object.keys((schema['patternProperties'] as object | undefined) ?? {}).map(patternOf);
    return onObjects((members, frame) =>
      all(Object.keys(members), (name) => {
        if (known.has(name) || patterns.some((pattern) => pattern.test(name))) return true;
        return evaluate(check, members, frame, name);
      }),
    );
  },
  properties: ({ properties }, compile) => {
    const checks = checksOf(properties, compile);
    return onObjects((members, frame) =>
      all(checks, ([name, check]) => !Object.hasOwn(members, name) || evaluate(check, members, frame, name)),
    );
  },
  patternProperties: ({ patternProperties }, compile, patternOf) => {
    const checks = checksOf(patternProperties, compile).map(
      ([source, check]) => [patternOf(source), check] as const,
    );
    return onObjects((members, frame) =>
      all(Object.keys(members), (name) =>
        all(checks, ([pattern, check]) => !pattern.test(name) || evaluate(check, members, frame, name)),
      ),
    );
  },
  propertyNames: ({ propertyNames }, compile) => {
    const check = compile(propertyNames);
    return onObjects((members, frame) =>
      all(
        Object.keys(members),
        (name) =>
          check(name, silently(frame)) !== undefined ||
          faultAt(frame, name, 'has a name that is not allowed'),
      ),
    );
  },
  required: ({ required }) => {
    const names = required as readonly string[];
    return onObjects((members, frame) =>
      all(names, (name) => Object.hasOwn(members, name) || faultAt(frame, name, 'is missing')),
    );
  },
  minProperties: ({ minProperties }) =>
    onObjects(
      (members, frame) =>
        Object.keys(members).length >= Number(minProperties) ||
        fault(frame, `must NOT have fewer than ${String(minProperties)} properties`),
    ),
  maxProperties: ({ maxProperties }) =>
    onObjects(
      (members, frame) =>
        Object.keys(members).length <= Number(maxProperties) ||
        fault(frame, `must NOT have more than ${String(maxProperties)} properties`),
    ),
  dependentRequired: ({ dependentRequired }) => {
    const needs = Object.entries(dependentRequired as Readonly<Record<string, readonly string[]>>);
    return onObjects((members, frame) =>
      all(
        needs,
        ([name, others]) =>
          !Object.hasOwn(members, name) ||
          all(
            others,
            (other) =>
              Object.hasOwn(members, other) ||
              faultAt(frame, other, `is missing, as ${name.slice(0, 100)} is there`),
          ),
      ),
    );
  },
};

export const unevaluatedProperties: Make = (schema, compile) => {
  const check = compile(schema['unevaluatedProperties']);
  return onObjects((members, frame) =>
    all(Object.keys(members), (name) => frame.seen.names.has(name) || evaluate(check, members, frame, name)),
  );
};

export function checksOf(schemas: unknown, compile: Compile): (readonly [string, Check])[] {
  return Object.entries(schemas as Members).map(([name, schema]) => [name, compile(schema)] as const);
}

/** All of them, as each may have faults to note. */
function all<Item>(items: readonly Item[], test: (item: Item) => boolean): boolean {
  let valid = true;
  for (const item of items) if (!test(item)) valid = false;
  return valid;
}

function evaluate(check: Check, members: Members, frame: Frame, name: string): boolean {
  if (frame.run.tracks) frame.seen.names.add(name);
  return holdsFor(check, members[name], frame, name);
}

function faultAt({ run, path }: Frame, part: string, message: string): false {
  return fault({ run, path: { parent: path, part } }, message);
}

function onObjects(rule: (members: Members, frame: Frame) => boolean): Rule {
  return (value, frame) => !isObject(value) || rule(value, frame);
}
