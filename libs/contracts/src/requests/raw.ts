import { Transform } from 'class-transformer';

/**
 * The value as it was written. By itself class-transformer copies it and leaves out what is called `constructor` or
 * `__proto__`, which in a customer's own data are names like any other.
 */
export function Raw(): PropertyDecorator {
  return Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]);
}
