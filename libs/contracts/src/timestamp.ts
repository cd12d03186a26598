import { ValidateBy } from 'class-validator';

const syntax = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/i;
const firstMs = Date.parse('0001-01-01T00:00:00Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');
/** The largest offset from UTC that Postgres reads; Go, Java and Python read larger ones. */
const maxOffsetHours = 15;

export const timestampMessage =
  'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z: a day of the calendar from year 0001 to 9999, 00:00:00 to 23:59:59, at most 9 digits of fraction, an offset of at most 15:59';

/**
 * Whether a text is a timestamp: the part of RFC 3339 that Go, Java, JavaScript, Postgres and Python all read. Leap
 * seconds and hour 24 are not in it. `t` and `z` are: see `canonicalTimestamp`.
 */
export function isTimestamp(text: unknown): text is string {
  const parts = typeof text === 'string' ? syntax.exec(text) : null;
  if (!parts) return false;
  const numbers = parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const [year, month, day, hour, minute, second, ...offset] = numbers;
  return (
    isDay(Number(year), Number(month), Number(day)) &&
    isClock([hour, minute, second], 23) &&
    isClock(offset, maxOffsetHours) &&
    isInRange(Date.parse(canonicalTimestamp(parts[0])))
  );
}

/** The same timestamp with `T` and `Z` in upper case, the only ones that every consumer reads. */
export function canonicalTimestamp(text: string): string {
  return text.toUpperCase();
}

/** A field that is a timestamp. */
export function IsTimestamp(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimestamp',
    validator: { validate: isTimestamp, defaultMessage: () => `$property ${timestampMessage}` },
  });
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isClock(
  [hour = 0, minute = 0, second = 0]: readonly (number | undefined)[],
  maxHour: number,
): boolean {
  return hour <= maxHour && minute <= 59 && second <= 59;
}

/** In UTC, too: what is shown or compared there has to have a year of four digits. */
function isInRange(ms: number): boolean {
  return ms >= firstMs && ms <= lastMs;
}
