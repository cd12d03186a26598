import { elementsOf } from './elements.js';
import { type Matches, matchers } from './matchers.js';
import type { FilterBudget } from './budget.js';
import { type Check, isExact, isObject, join, type Place } from './reading.js';
import { warnOfMatcher, warnOfValue } from './warn-of.js';

/** What the array of a field comes to. */
interface Wanted {
  readonly values: Set<unknown>;
  readonly matches: Matches[];
  /** `exists`: what it says of the field as such, whatever is in it. */
  readonly presence: Set<boolean>;
}

/** The values of one field: any of them will do, and of an array in the event any element. */
export function readMatchers(array: readonly unknown[], field: Place): Check | undefined {
  const { path, reading } = field;
  if (array.length === 0) return reading.fault(path, 'must have at least one value to match');
  const wanted: Wanted = { values: new Set(), matches: [], presence: new Set() };
  for (const [index, item] of array.entries()) {
    const place = { ...field, path: `${path}[${index}]` };
    if (!reading.count(place.path)) return undefined;
    if (isObject(item)) readMatcher(item, place, wanted);
    else if (isPlainValue(item, place)) wanted.values.add(item);
  }
  return (value, budget) => {
    if (wanted.presence.has(value !== undefined)) return undefined;
    if (value === undefined) return path;
    const elements = Array.isArray(value) ? elementsOf(value, budget) : [value];
    for (const element of elements) if (isWanted(element, wanted, budget)) return undefined;
    return path;
  };
}

function isWanted(value: unknown, { values, matches }: Wanted, budget: FilterBudget): boolean {
  if (typeof value === 'object' && value !== null) return false;
  if (!budget.spend(matches.length)) return false;
  return values.has(value) || matches.some((match) => match(value, budget));
}

function readMatcher(item: Readonly<Record<string, unknown>>, place: Place, wanted: Wanted): void {
  const { path, reading } = place;
  const entries = Object.entries(item);
  const [[name, operand] = ['', undefined]] = entries;
  warnOfMatcher(item, place);
  if (entries.length === 1 && name === 'exists') {
    if (typeof operand === 'boolean') wanted.presence.add(operand);
    else reading.fault(join(path, name), 'must be true or false');
    return;
  }
  const read = entries.length === 1 ? matchers.get(name) : undefined;
  if (!read) {
    reading.fault(path, `must be a value, or one of: ${[...matchers.keys(), 'exists'].join(', ')}`);
    return;
  }
  const match = read(operand, { path: join(path, name), reading });
  if (match) wanted.matches.push(match);
}

function isPlainValue(item: unknown, place: Place): boolean {
  const { path, reading } = place;
  if (typeof item === 'number' && !isExact(item)) {
    reading.fault(path, 'is a number that cannot be compared exactly: it must be within ±9007199254740991');
    return false;
  }
  if (!Array.isArray(item)) {
    warnOfValue(item, place);
    return true;
  }
  reading.fault(path, 'must not be an array');
  return false;
}
