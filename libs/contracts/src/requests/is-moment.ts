import { ValidateBy } from 'class-validator';
import { isTimestamp } from '../timestamp.js';

const day = /^\d{4}-\d\d-\d\d$/;
const withoutSeconds = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/i;

/** A moment that a caller names: a day, or a time with its zone. Whatever passes can be read as a `Date`. */
export function IsMoment(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value) => typeof value === 'string' && isTimestamp(inFull(value)),
      defaultMessage: () =>
        '$property must be a time as in RFC 3339 such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31',
    },
  });
}

function inFull(text: string): string {
  return day.test(text) ? `${text}T00:00:00Z` : text.replace(withoutSeconds, '$1:00$2');
}
