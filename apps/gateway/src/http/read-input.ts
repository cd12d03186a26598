import { type FieldError, instanceOf } from '#libs/contracts';
import { findFaults } from '#libs/validation';
import { unstorableText } from './storable-text.js';

/** What a caller wrote, as an instance of its class, and what is wrong with it; a field that is not known is wrong too. */
export function readInput<Input extends object>(
  type: new () => Input,
  value: object,
): { input: Input; faults: FieldError[] } {
  const input = instanceOf(type, value);
  const inherited = namesOfObjects(value);
  if (inherited.length > 0) return { input, faults: inherited };
  const unstorable = unstorableText(value);
  if (unstorable.length > 0) return { input, faults: unstorable };
  return { input, faults: findFaults(input, { forbidUnknown: true }) };
}

/** No class has a field of a name that every object inherits, and class-validator takes such a name for a known one. */
function namesOfObjects(value: object): FieldError[] {
  return Object.keys(value)
    .filter((name) => name in Object.prototype)
    .map((path) => ({ path, message: `${path} is not a field here` }));
}
