import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { parseDuration } from './duration.js';
import { Secret } from './secret.js';
import { isWeak } from './weak.js';

/** An environment variable's text, read as what the field is. What cannot be read stays text, and fails validation. */
export const ToNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (isText(value) ? Number(value) : value));

export const ToBoolean = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** `30m`, `90d`, in milliseconds once read. */
export const ToDuration = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (isText(value) ? (parseDuration(value) ?? value) : value));

/** The items of a list as a variable states it: comma separated, spaces around them do not count; `none` is no item. */
export function itemsOf(text: string): string[] {
  return text.trim() === 'none' ? [] : text.split(',').map((item) => item.trim());
}

/** A list: see `itemsOf`. */
export const ToList = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (isText(value) ? itemsOf(value) : value));

export const ToSecret = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (isText(value) ? new Secret(value) : value));

export const ToSecrets = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    isText(value) ? itemsOf(value).map((item) => new Secret(item)) : value,
  );

/** Of one secret or several: each long, of many different characters, and none that everybody could guess. */
export const IsStrong = (): PropertyDecorator =>
  ValidateBy({
    name: 'isStrong',
    validator: {
      validate: (value) =>
        (Array.isArray(value) ? value : [value]).every(
          (secret) => secret instanceof Secret && !isWeak(secret.reveal()),
        ),
      defaultMessage: () => '$property must be long and random: make one with `openssl rand -hex 32`',
    },
  });

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
