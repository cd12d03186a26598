import { ValidateBy, type ValidationOptions } from 'class-validator';
import { Describe } from '../describe.js';

const limits = { keys: 50, keyLength: 40, valueLength: 500 };

const description = "The caller's own notes on it: short strings by name.";
const keywords = {
  type: 'object',
  maxProperties: limits.keys,
  propertyNames: { maxLength: limits.keyLength },
  additionalProperties: { type: 'string', maxLength: limits.valueLength },
};

export function IsMetadata(options?: ValidationOptions): PropertyDecorator {
  const validate = ValidateBy(
    {
      name: 'isMetadata',
      validator: {
        validate: isMetadata,
        defaultMessage: () =>
          `$property must be an object of at most ${limits.keys} strings (names up to ${limits.keyLength} characters, values up to ${limits.valueLength})`,
      },
    },
    options,
  );
  return (target, property) => {
    Describe(description, keywords)(target, property);
    validate(target, property);
  };
}

function isMetadata(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries: [string, unknown][] = Object.entries(value);
  return (
    entries.length <= limits.keys &&
    entries.every(
      ([key, text]) =>
        key.length <= limits.keyLength && typeof text === 'string' && text.length <= limits.valueLength,
    )
  );
}
