import { elementsOf } from './elements.js';
import { readMatchers } from './read-matchers.js';
import { type Check, isObject, join, limits, type Looks, type Place } from './reading.js';

const or = '$or';

/** Conditions on an object: all of them have to hold. */
export function readFields(value: unknown, place: Place): Check | undefined {
  const { path, depth, reading } = place;
  if (!isObject(value)) return reading.fault(path, 'must be an object of conditions');
  if (depth > limits.depth)
    return reading.fault(path, `is too deep: a filter has at most ${limits.depth} levels`);
  const entries = Object.entries(value);
  if (entries.length === 0 && path !== '') return reading.fault(path, 'must have at least one condition');
  const checks = entries.map(([name, condition]) => readMember(name, condition, place));
  const read = checks.filter((check) => check !== undefined);
  return (asked, looks) => firstFailure(read, asked, looks);
}

function readMember(name: string, condition: unknown, place: Place): Check | undefined {
  if (place.reading.isFull) return undefined;
  return name === or ? readAlternatives(condition, place) : readField(name, condition, place);
}

function firstFailure(checks: readonly Check[], value: unknown, looks: Looks): string | undefined {
  for (const check of checks) {
    const failed = check(value, looks);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function readField(name: string, condition: unknown, place: Place): Check | undefined {
  const { depth, reading, only, guard = (_name, check): Check => check } = place;
  const path = join(place.path, name);
  if (only && !only.includes(name))
    return reading.fault(path, `is not a field that a filter can be on: ${only.join(', ')}`);
  const check = readCondition(condition, { path, depth: depth + 1, reading });
  if (!check) return undefined;
  const guarded = guard(name, check);
  return (value, looks) => guarded(fieldOf(value, name), looks);
}

function readCondition(condition: unknown, place: Place): Check | undefined {
  if (Array.isArray(condition)) return readMatchers(condition, place);
  if (!isObject(condition))
    return place.reading.fault(place.path, 'must be an array of values to match, or an object of conditions');
  const check = readFields(condition, place);
  return check && ((value, looks) => ofAny(value, check, { path: place.path, looks }));
}

/** Of an array, one element has to meet all conditions. */
function ofAny(
  value: unknown,
  check: Check,
  { path, looks }: { path: string; looks: Looks },
): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return check(value, looks);
  let first: string | undefined;
  for (const element of elementsOf(value, looks)) {
    const failed = check(element, looks);
    if (failed === undefined) return undefined;
    first ??= failed;
  }
  return first ?? path;
}

function readAlternatives(value: unknown, place: Place): Check | undefined {
  const { depth, reading } = place;
  const path = join(place.path, or);
  if (!Array.isArray(value) || value.length === 0)
    return reading.fault(path, 'must be an array of objects of conditions, one of which has to hold');
  const checks: Check[] = [];
  for (const [index, alternative] of value.entries()) {
    if (!reading.count(`${path}[${index}]`)) return undefined;
    const check = readFields(alternative, { ...place, path: place.path, depth: depth + 1 });
    if (check) checks.push(check);
  }
  return (asked, looks) => (checks.some((check) => check(asked, looks) === undefined) ? undefined : path);
}

/** Own fields only: `constructor` is a name like any other. */
function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
