import { ValidateBy } from 'class-validator';

/** ISO 8601 has more, such as weeks, that nobody else reads. */
const syntax = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** A moment that a caller names: a day, or a time with its zone. Whatever passes can be read as a `Date`. */
export function IsMoment(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value) =>
        typeof value === 'string' && syntax.test(value) && !Number.isNaN(Date.parse(value)),
      defaultMessage: () =>
        '$property must be a time such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31',
    },
  });
}
