import type { JsonSchema } from '#libs/contracts';

export interface FieldRule {
  readonly name?: string;
  readonly type: string;
  readonly constraints: readonly unknown[];
}

/**
 * One rule of class-validator in JSON Schema.
 * @throws if the rule has no counterpart here, and the field's `@Describe` gives no keywords that could be it.
 */
export function keywordsOf(rule: FieldRule, isDescribed: boolean, field: string): JsonSchema {
  const name = rule.name ?? rule.type;
  const keywords = counterparts[name];
  if (keywords) return keywords(rule.constraints ?? []);
  if (isDescribed) return {};
  throw new Error(
    `@${name} of ${field} has no counterpart in JSON Schema. Add it to keywords-of.ts, or say it with @Describe('…', { … }).`,
  );
}

const counterparts: Readonly<Record<string, (constraints: readonly unknown[]) => JsonSchema>> = {
  isString: () => ({ type: 'string' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isBoolean: () => ({ type: 'boolean' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  isIso8601: () => ({ type: 'string', format: 'date-time' }),
  isSchema: () => ({ type: ['object', 'boolean'] }),
  isTimestamp: () => ({ type: 'string', format: 'date-time' }),
  // A day is taken, too, which no one format says.
  isMoment: () => ({ type: 'string', format: 'date-time' }),
  isIn: ([values]) => ({ ...typeOfAll(values as unknown[]), enum: values }),
  isNotEmpty: () => ({ minLength: 1 }),
  equals: ([value]) => ({ const: value }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  minLength: ([minLength]) => ({ type: 'string', minLength }),
  maxLength: ([maxLength]) => ({ type: 'string', maxLength }),
  isLength: ([minLength, maxLength]) => ({ type: 'string', minLength, maxLength }),
  matches: ([pattern]) => ({ type: 'string', pattern: (pattern as RegExp).source }),
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: () => ({ uniqueItems: true }),
  isDefined: () => ({}),
  whitelistValidation: () => ({}),
  nestedValidation: () => ({}),
};

function typeOfAll(values: readonly unknown[]): JsonSchema {
  return values.every((value) => typeof value === 'string') ? { type: 'string' } : {};
}
