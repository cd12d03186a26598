import { elementsOf } from './elements.js';
import { type Matches, matchers } from './matchers.js';
import { type Check, isExact, isObject, join, type Looks, type Place, type Reading } from './reading.js';

/** What the array of a field comes to. */
interface Wanted {
  readonly values: Set<unknown>;
  readonly matches: Matches[];
  /** `exists`: what it says of the field as such, whatever is in it. */
  readonly presence: Set<boolean>;
}

/** The values of one field: any of them will do, and of an array in the event any element. */
export function readMatchers(array: readonly unknown[], { path, reading }: Place): Check | undefined {
  if (array.length === 0) return reading.fault(path, 'must have at least one value to match');
  const wanted: Wanted = { values: new Set(), matches: [], presence: new Set() };
  for (const [index, item] of array.entries()) {
    const place = `${path}[${index}]`;
    if (!reading.count(place)) return undefined;
    if (isObject(item)) readMatcher(item, { path: place, reading, wanted });
    else if (isPlainValue(item, place, reading)) wanted.values.add(item);
  }
  return (value, looks) => {
    if (wanted.presence.has(value !== undefined)) return undefined;
    if (value === undefined) return path;
    const elements = Array.isArray(value) ? elementsOf(value, looks) : [value];
    for (const element of elements) if (isWanted(element, wanted, looks)) return undefined;
    return path;
  };
}

function isWanted(value: unknown, { values, matches }: Wanted, looks: Looks): boolean {
  if (typeof value === 'object' && value !== null) return false;
  looks.left -= matches.length;
  if (looks.left < 0) return false;
  return values.has(value) || matches.some((match) => match(value));
}

function readMatcher(
  item: Readonly<Record<string, unknown>>,
  { path, reading, wanted }: { path: string; reading: Reading; wanted: Wanted },
): void {
  const entries = Object.entries(item);
  const [[name, operand] = ['', undefined]] = entries;
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

function isPlainValue(item: unknown, path: string, reading: Reading): boolean {
  if (typeof item === 'number' && !isExact(item)) {
    reading.fault(path, 'is a number that cannot be compared exactly: it must be within ±9007199254740991');
    return false;
  }
  if (!Array.isArray(item)) return true;
  reading.fault(path, 'must not be an array');
  return false;
}
