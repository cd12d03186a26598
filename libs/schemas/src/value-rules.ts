import { canonicalText } from './canonical-text.js';
import { fault, type Frame, isObject, type Rule } from './evaluation.js';
import { boundedFormat } from './formats.js';
import type { LinearPattern } from './linear-pattern.js';
import { isIntegral, isNumber } from './number-rules.js';

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: isNumber,
  integer: isIntegral,
  array: Array.isArray,
  object: isObject,
};

/** Rules on values of any type, and on texts. */
export const valueRules: Readonly<
  Record<string, (argument: never, pattern: (source: string) => LinearPattern) => Rule | undefined>
> = {
  type: (wanted: string | readonly string[]) => {
    const names = [wanted].flat();
    return (value, frame) =>
      names.some((name) => types[name]?.(value) === true) || fault(frame, `must be ${names.join()}`);
  },
  const: (wanted: unknown) => {
    const text = canonicalText(wanted);
    return (value, frame) => textOf(value, frame) === text || fault(frame, 'must be equal to constant');
  },
  enum: (allowed: readonly unknown[]) => {
    const texts = new Set(allowed.map(canonicalText));
    return (value, frame) =>
      texts.has(textOf(value, frame)) || fault(frame, 'must be equal to one of the allowed values');
  },
  minLength: (limit: number) => (value, frame) =>
    typeof value !== 'string' ||
    charactersOf(value) >= limit ||
    fault(frame, `must NOT have fewer than ${limit} characters`),
  maxLength: (limit: number) => (value, frame) =>
    typeof value !== 'string' ||
    charactersOf(value) <= limit ||
    fault(frame, `must NOT have more than ${limit} characters`),
  pattern: (source: string, patternOf) => {
    const pattern = patternOf(source);
    return (value, frame) =>
      typeof value !== 'string' || pattern.test(value) || fault(frame, `must match pattern "${source}"`);
  },
  format: (name: string) => {
    const isOfFormat = boundedFormat(name);
    return (
      isOfFormat &&
      ((value, frame) =>
        typeof value !== 'string' || isOfFormat(value) || fault(frame, `must match format "${name}"`))
    );
  },
};

function textOf(value: unknown, { run }: Frame): string {
  const text = canonicalText(value);
  run.budget.spend(text.length / 8);
  return text;
}

function charactersOf(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) if ((text.codePointAt(at) ?? 0) > 0xffff) pairs++;
  return text.length - pairs;
}
