import { isExact } from './reading.js';

export interface Bound {
  readonly operator: string;
  readonly bound: number;
  readonly holds: (value: number, bound: number) => boolean;
}

const comparisons: Readonly<Record<string, Bound['holds']>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 100]`. @returns undefined if it is not this. */
export function readBounds(parts: readonly unknown[]): readonly Bound[] | undefined {
  const bounds: Bound[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [operator, bound] = [String(parts[index]), parts[index + 1]];
    const holds = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
    if (!holds || !isExact(bound)) return undefined;
    bounds.push({ operator, bound, holds });
  }
  return bounds.length === 1 || bounds.length === 2 ? bounds : undefined;
}

/** Whether no number meets all bounds: neither one of them, nor one between two. */
export function isContradiction(bounds: readonly Bound[]): boolean {
  const limit = (operators: string, pick: (...values: number[]) => number): number =>
    pick(...bounds.filter(({ operator }) => operators.includes(operator[0] ?? '')).map(({ bound }) => bound));
  const least = limit('>=', Math.max);
  const most = limit('<=', Math.min);
  if (least !== most) return least > most;
  return !bounds.every(({ holds, bound }) => holds(least, bound));
}
