import type { Check, Kind, Place } from './reading.js';
import { isObject } from './reading.js';

/** In place of an event's data that is not JSON: no condition on it holds. */
export const notJson: unique symbol = Symbol('not JSON');

const kinds: ReadonlyMap<string, Kind | undefined> = new Map<string, Kind | undefined>([
  ['id', 'own'],
  ['type', 'type'],
  ['timestamp', 'own'],
  ['data', 'data'],
  ['source', 'text'],
  ['subject', 'text'],
  ['dataschema', 'text'],
  ['extensions', undefined],
]);
const names = [...kinds.keys()].join(', ');

/** What EventBridge calls the fields of an event. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['detail', 'data'],
  ['detail-type', 'type'],
  ['time', 'timestamp'],
]);

export function isEventField(name: string): boolean {
  return kinds.has(name);
}

export function kindOf(name: string): Kind | undefined {
  return kinds.get(name);
}

/** Says of a name that is no field of every event what may be meant by it. */
export function warnOfName(name: string, { path, reading }: Place): void {
  const meant = otherNames.get(name);
  reading.warn(
    path,
    meant === undefined
      ? `is no field of an event, which has ${names}: only a CloudEvent with an extension of this name can match`
      : `is no field of an event: here it is ${meant}`,
  );
}

/** The attributes of a CloudEvent may be named as CloudEvents has them, beside the fields of every event. */
export function fieldOfEvent(event: unknown, name: string): unknown {
  return fieldOf(isEventField(name) ? event : fieldOf(event, 'extensions'), name);
}

/** Own fields only: `constructor` is a name like any other. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Also the condition that something is not there holds only of data that can be read. */
export function guardData(check: Check): Check {
  return (value, budget) => (value === notJson ? 'data' : check(value, budget));
}
