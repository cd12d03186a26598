import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';
import { kindOf, kinds, type Rule } from './kinds.js';

/** One question about the value of a field. */
export interface Check {
  readonly passes: (value: unknown, object: object) => boolean;
  readonly message: (value: unknown, object: object) => string;
}

const bounds = /^(min|max|minLength|maxLength|isLength|arrayMinSize|arrayMaxSize|arrayNotEmpty)$/;

/**
 * The checks of one field, from the outside in: type, shape and bounds of the value, then of its elements. A type that
 * no rule states follows from the others: what has a length in characters is a string. The elements are compared with
 * each other last, when their number is known to be allowed: class-validator takes quadratic time for that.
 */
export function checksOf(property: string, rules: readonly Rule[]): Check[] {
  const own = rules.filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION);
  const ofElements = rules.filter(({ each }) => each);
  const ofValue = rules.filter(({ each }) => !each);
  // Decorators run from the last to the first.
  const ranked = own.toReversed().toSorted((one, other) => rankOf(one) - rankOf(other));
  return [
    ...typeCheck(property, ofElements.length > 0 ? 'array' : kindOf(ofValue), ofValue),
    ...ranked.filter(({ each, name }) => !each && name !== 'arrayUnique').flatMap(ruleChecks),
    ...typeCheck(property, kindOf(ofElements), ofElements).map(ofEach),
    ...ranked.filter(({ each }) => each).flatMap(ruleChecks),
    ...ranked.filter(({ name }) => name === 'arrayUnique').flatMap(ruleChecks),
  ];
}

function rankOf({ name = '' }: Rule): number {
  if (Object.hasOwn(kinds, name)) return 0;
  return bounds.test(name) ? 2 : 1;
}

/** A rule with a message of its own says of a type what it says of everything else. */
function typeCheck(
  property: string,
  kind: keyof typeof messages | undefined,
  rules: readonly Rule[],
): Check[] {
  const stated = rules.find(({ name = '' }) => Object.hasOwn(kinds, name));
  if (kind === undefined || stated?.message !== undefined) return [];
  const isOfElements = rules.some(({ each }) => each);
  const message = `${isOfElements ? 'each value in ' : ''}${property} must be ${messages[kind]}`;
  return [{ passes: kindTests[kind], message: () => message }];
}

const messages = {
  array: 'an array',
  boolean: 'a boolean value',
  integer: 'an integer number',
  number: 'a number',
  object: 'an object',
  string: 'a string',
} as const;

const kindTests: { readonly [Kind in keyof typeof messages]: (value: unknown) => boolean } = {
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  number: Number.isFinite,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  string: (value) => typeof value === 'string',
};

function ofEach({ passes, message }: Check): Check {
  return {
    passes: (value, object) => Array.isArray(value) && value.every((item) => passes(item, object)),
    message,
  };
}

function ruleChecks(rule: Rule): Check[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(rule.constraintCls)
    .map(({ instance }) => {
      const check: Check = {
        passes: (value, object) => instance.validate(value, argumentsOf(rule, value, object)) === true,
        message: (value, object) => {
          const given = argumentsOf(rule, value, object);
          const message = rule.message || instance.defaultMessage?.(given) || '$property is not valid';
          return filledIn(typeof message === 'function' ? message(given) : message, given);
        },
      };
      return rule.each ? ofEach(check) : check;
    });
}

function argumentsOf(
  { propertyName: property, constraints }: Rule,
  value: unknown,
  object: object,
): ValidationArguments {
  return { targetName: object.constructor.name, property, constraints, value, object };
}

/** The placeholders of class-validator, but for `$value`: a message repeats nothing that a caller wrote. */
function filledIn(message: string, { property, constraints }: ValidationArguments): string {
  return ((constraints as unknown[] | undefined) ?? []).reduce<string>(
    (text, constraint, index) => text.replaceAll(`$constraint${index + 1}`, () => wordsOf(constraint)),
    message.replaceAll('$property', () => property),
  );
}

function wordsOf(constraint: unknown): string {
  return Array.isArray(constraint) ? constraint.join(', ') : String(constraint);
}
