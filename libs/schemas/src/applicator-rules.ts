import type { FieldError } from '#libs/contracts';
import {
  applied,
  type Compile,
  fault,
  isObject,
  type JsonSchema,
  note,
  type Rule,
  silently,
} from './evaluation.js';
import { checksOf } from './object-rules.js';

type Make = (schema: JsonSchema, compile: Compile) => Rule;

/** Rules that hold the same value to other schemas, by the keyword that brings each. */
export const applicatorRules: Readonly<Record<string, Make>> = {
  allOf: ({ allOf }, compile) => {
    const checks = (allOf as readonly unknown[]).map(compile);
    return (value, frame) => checks.map((check) => applied(check(value, frame), frame)).every(Boolean);
  },
  anyOf: ({ anyOf }, compile) =>
    choice(anyOf, compile, { message: 'must match a schema in anyOf', isRight: (count) => count > 0 }),
  oneOf: ({ oneOf }, compile) =>
    choice(oneOf, compile, {
      message: 'must match exactly one schema in oneOf',
      isRight: (count) => count === 1,
    }),
  not: ({ not }, compile) => {
    const check = compile(not);
    return (value, frame) => check(value, silently(frame)) === undefined || fault(frame, 'must NOT be valid');
  },
  if: (schema, compile) => {
    const check = compile(schema['if']);
    const [whenValid, otherwise] = [compile(schema['then'] ?? true), compile(schema['else'] ?? true)];
    return (value, frame) => {
      const seen = check(value, silently(frame));
      applied(seen, frame);
      return applied((seen ? whenValid : otherwise)(value, frame), frame);
    };
  },
  dependentSchemas: ({ dependentSchemas }, compile) => {
    const checks = checksOf(dependentSchemas, compile);
    return (value, frame) =>
      !isObject(value) ||
      checks
        .filter(([name]) => Object.hasOwn(value, name))
        .map(([, check]) => applied(check(value, frame), frame))
        .every(Boolean);
  },
};

interface Choice {
  readonly message: string;
  readonly isRight: (matching: number) => boolean;
}

/** Where none of them matches, what each has against the value is told, too. */
function choice(schemas: unknown, compile: Compile, { message, isRight }: Choice): Rule {
  const checks = (schemas as readonly unknown[]).map(compile);
  return (value, frame) => {
    const errors: FieldError[] = [];
    const run = { ...frame.run, errors: frame.run.errors && errors };
    const seen = checks.map((check) => check(value, { ...frame, run })).filter((one) => one !== undefined);
    if (isRight(seen.length)) {
      for (const one of seen) applied(one, frame);
      return true;
    }
    if (seen.length === 0) for (const error of errors) note(frame.run, () => error);
    return fault(frame, message);
  };
}
