import { type FieldError, instanceOf } from '#libs/contracts';
import { flatten } from '#libs/messaging';
import { validateSync } from 'class-validator';
import { unstorableText } from './storable-text.js';

/** What a caller wrote, as an instance of its class, and all that is wrong with it; a field that is not known is wrong too. */
export function readInput<Input extends object>(
  type: new () => Input,
  value: object,
): { input: Input; faults: FieldError[] } {
  const input = instanceOf(type, value);
  const unstorable = unstorableText(value);
  if (unstorable.length > 0) return { input, faults: unstorable };
  const options = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false };
  const faults = flatten(validateSync(input, { ...options, stopAtFirstError: true }));
  return { input, faults: [...leftOut(value), ...faults] };
}

/** An instance does not take it over. */
function leftOut(value: object): FieldError[] {
  if (!Object.hasOwn(value, 'constructor')) return [];
  return [{ path: 'constructor', message: 'constructor is not a field here' }];
}
