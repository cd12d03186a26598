import { type getMetadataStorage, ValidationTypes } from 'class-validator';

/** What a decorator states of a field. */
export type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

type Kind = 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';

/** The rules that state a type. */
export const kinds: Readonly<Record<string, Kind>> = {
  isArray: 'array',
  isBoolean: 'boolean',
  isInt: 'integer',
  isNumber: 'number',
  isObject: 'object',
  isString: 'string',
};

/** The rules that imply one. */
const implied: Readonly<Record<string, Kind>> = {
  arrayMaxSize: 'array',
  arrayMinSize: 'array',
  arrayNotEmpty: 'array',
  arrayUnique: 'array',
  isIso8601: 'string',
  isMoment: 'string',
  isTimestamp: 'string',
  isUrl: 'string',
  matches: 'string',
  max: 'number',
  maxLength: 'string',
  min: 'number',
  minLength: 'string',
};

/** The type that these rules want. @returns undefined if they do not say. */
export function kindOf(rules: readonly Rule[]): Kind | undefined {
  const found = (table: Readonly<Record<string, Kind>>): Kind | undefined =>
    rules.map(({ name = '' }) => table[name]).find((kind) => kind !== undefined);
  const isNested = rules.some(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
  return found(kinds) ?? found(implied) ?? (isNested ? 'object' : undefined);
}
