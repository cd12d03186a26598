import { ValidateBy } from 'class-validator';
import { Describe } from '../describe.js';

export const metadataLimits = { names: 50, nameLength: 40, valueLength: 500 } as const;

const { names, nameLength, valueLength } = metadataLimits;
const lengths = `(names up to ${nameLength} characters, values up to ${valueLength})`;

/** Short strings by name. */
export function IsMetadata(): PropertyDecorator {
  return isMetadata({
    description: "The caller's own notes on it: short strings by name.",
    keywords: { maxProperties: names, additionalProperties: { type: 'string', maxLength: valueLength } },
    isRight: (entries) => entries.length <= names && entries.every(isShort),
    message: `$property must be an object of at most ${names} strings ${lengths}`,
  });
}

/** What is to change of them: null takes one away. How many are left is known where they are merged. */
export function IsMetadataPatch(): PropertyDecorator {
  return isMetadata({
    description:
      "What is to change of the caller's own notes on it: short strings by name; null takes one away.",
    keywords: { additionalProperties: { type: ['string', 'null'], maxLength: valueLength } },
    isRight: (entries) => entries.every(([name, value]) => isShort([name, value ?? ''])),
    message: `$property must be an object of strings and nulls ${lengths}`,
  });
}

interface Rule {
  readonly description: string;
  readonly keywords: object;
  readonly isRight: (entries: readonly [string, unknown][]) => boolean;
  readonly message: string;
}

function isMetadata({ description, keywords, isRight, message }: Rule): PropertyDecorator {
  const validate = ValidateBy({
    name: 'isMetadata',
    validator: {
      validate: (value: unknown) => isObject(value) && isRight(Object.entries(value)),
      defaultMessage: () => message,
    },
  });
  return (target, property) => {
    Describe(description, { type: 'object', propertyNames: { maxLength: nameLength }, ...keywords })(
      target,
      property,
    );
    validate(target, property);
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShort([name, value]: readonly [string, unknown]): boolean {
  return name.length <= nameLength && typeof value === 'string' && value.length <= valueLength;
}
