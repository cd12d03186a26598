import { ValidateBy, type ValidationOptions } from 'class-validator';

const limits = { keys: 50, keyLength: 40, valueLength: 500 };

/** The caller's own notes on a thing: at most 50 short strings by name. */
export function IsMetadata(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
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
