import type { FilterBudget } from './budget.js';
import { elementsOf } from './elements.js';
import { fieldOf, fieldOfEvent, guardData, isEventField, kindOf, warnOfName } from './event-fields.js';
import { readMatchers } from './read-matchers.js';
import { type Check, isObject, join, limits, type Place } from './reading.js';

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
  return (asked, budget) => firstFailure(read, asked, budget);
}

function readMember(name: string, condition: unknown, place: Place): Check | undefined {
  if (place.reading.isFull) return undefined;
  return name === or ? readAlternatives(condition, place) : readField(name, condition, place);
}

/** Each condition costs one, wherever it is: what is nested in an array is asked again for each element. */
function firstFailure(checks: readonly Check[], value: unknown, budget: FilterBudget): string | undefined {
  for (const check of checks) {
    if (!budget.spend(1)) return '';
    const failed = check(value, budget);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function readField(name: string, condition: unknown, place: Place): Check | undefined {
  const { depth, reading } = place;
  const isOfEvent = place.kind === 'event';
  const kind = isOfEvent ? kindOf(name) : undefined;
  const field: Place = { path: join(place.path, name), depth: depth + 1, reading, kind };
  if (name.includes('.')) reading.warn(field.path, 'is one name with dots in it. For a path write objects');
  else if (isOfEvent && !isEventField(name)) warnOfName(name, field);
  const check = readCondition(condition, field);
  if (!check) return undefined;
  const guarded = kind === 'data' ? guardData(check) : check;
  return isOfEvent
    ? (event, budget) => guarded(fieldOfEvent(event, name), budget)
    : (value, budget) => guarded(fieldOf(value, name), budget);
}

function readCondition(condition: unknown, place: Place): Check | undefined {
  const { path, depth, reading, kind } = place;
  if (Array.isArray(condition)) return readMatchers(condition, place);
  if (!isObject(condition))
    return reading.fault(path, 'must be an array of values to match, or an object of conditions');
  if (kind !== undefined && kind !== 'data') reading.warn(path, 'is a text, and has no fields');
  const check = readFields(condition, { path, depth, reading });
  return check && ((value, budget) => ofAny(value, check, { path, budget }));
}

/** Of an array, one element has to meet all conditions. */
function ofAny(
  value: unknown,
  check: Check,
  { path, budget }: { path: string; budget: FilterBudget },
): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return check(value, budget);
  let first: string | undefined;
  for (const element of elementsOf(value, budget)) {
    const failed = check(element, budget);
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
  return (asked, budget) => (checks.some((check) => check(asked, budget) === undefined) ? undefined : path);
}
