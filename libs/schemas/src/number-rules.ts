import { compare, type Decimal, decimalOf, isInteger, isMultiple } from './decimal.js';
import { fault, type Rule } from './evaluation.js';
import { ExactNumber } from './exact-json.js';

type Test = (order: number) => boolean;

const bounds: Readonly<Record<string, { readonly sign: string; readonly holds: Test }>> = {
  minimum: { sign: '>=', holds: (order) => order >= 0 },
  maximum: { sign: '<=', holds: (order) => order <= 0 },
  exclusiveMinimum: { sign: '>', holds: (order) => order > 0 },
  exclusiveMaximum: { sign: '<', holds: (order) => order < 0 },
};

export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

export function isIntegral(value: unknown): boolean {
  return value instanceof ExactNumber ? isInteger(value.decimal) : Number.isInteger(value);
}

/** Rules on numbers, which are judged by their digits. */
export const numberRules: Readonly<Record<string, (limit: number) => Rule>> = {
  ...Object.fromEntries(
    Object.entries(bounds).map(([name, { sign, holds }]) => [
      name,
      (limit: number): Rule =>
        (value, frame) =>
          !isNumber(value) || holds(orderOf(value, limit)) || fault(frame, `must be ${sign} ${limit}`),
    ]),
  ),
  multipleOf: (divisor) => {
    const decimal = digitsOf(divisor);
    return (value, frame) => {
      if (!isNumber(value)) return true;
      const number = digitsOf(value);
      frame.run.budget.spend(number.digits.length / 8);
      return isMultiple(number, decimal) || fault(frame, `must be multiple of ${divisor}`);
    };
  },
};

function orderOf(value: number | ExactNumber, limit: number): number {
  if (typeof value !== 'number') return compare(value.decimal, digitsOf(limit));
  if (value === limit) return 0;
  return value < limit ? -1 : 1;
}

function digitsOf(value: number | ExactNumber): Decimal {
  return typeof value === 'number' ? decimalOf(String(value)) : value.decimal;
}
