import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { type Check, checksOf } from './checks.js';
import type { Rule } from './kinds.js';

interface Fault {
  /** `input.eventTypes`, `deliveries[2].held` */
  readonly path: string;
  readonly message: string;
}

/** As many as an answer has room for; each costs work. */
const defaultLimit = 20;

interface Field {
  readonly name: string;
  readonly conditions: readonly ((object: object, value: unknown) => boolean)[];
  readonly checks: readonly Check[];
  /** Of a field that is absent; undefined where it may be. */
  readonly missing: string | undefined;
  readonly isNested: boolean;
}

export interface FindOptions {
  /** Whether a field that the class does not have is a fault. */
  readonly forbidUnknown?: boolean;
  /** With so many faults the search ends. */
  readonly limit?: number;
}

/**
 * Finds what is wrong with an instance of a class, by the rules that class-validator's decorators state: of each field
 * the first fault from the outside in (absent, type, shape, bounds, and then the same of what is inside).
 * @returns at most `limit`, 20 unless it is given.
 */
export function findFaults(instance: object, options: FindOptions = {}): Fault[] {
  const faults: Fault[] = [];
  search(instance, '', { faults, ...options });
  return faults;
}

interface Search extends FindOptions {
  readonly faults: Fault[];
}

function search(object: object, path: string, found: Search): void {
  const fields = fieldsOf(object.constructor);
  if (found.forbidUnknown === true) findUnknown(object, path, found);
  for (const field of fields.values()) {
    if (isFull(found)) return;
    const value: unknown = Reflect.get(object, field.name);
    if (field.conditions.some((condition) => !condition(object, value))) continue;
    const message = faultOf(field, value, object);
    if (message !== undefined) found.faults.push({ path: join(path, field.name), message });
    else if (field.isNested) searchInside(value, join(path, field.name), found);
  }
}

function findUnknown(object: object, path: string, found: Search): void {
  const fields = fieldsOf(object.constructor);
  for (const name of Object.keys(object)) {
    if (isFull(found)) return;
    if (!fields.has(name))
      found.faults.push({ path: join(path, name), message: `${name} is not a field here` });
  }
}

function faultOf({ missing, checks }: Field, value: unknown, object: object): string | undefined {
  if (value === undefined) return missing;
  return checks.find(({ passes }) => !passes(value, object))?.message(value, object);
}

function searchInside(value: unknown, path: string, found: Search): void {
  if (!Array.isArray(value)) {
    if (value instanceof Object) search(value, path, found);
    return;
  }
  for (const [index, item] of value.entries()) {
    if (isFull(found)) return;
    if (item instanceof Object) search(item, `${path}[${index}]`, found);
  }
}

function isFull({ faults, limit = defaultLimit }: Search): boolean {
  return faults.length >= limit;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

const known = new WeakMap<Function, ReadonlyMap<string, Field>>();

/** Kept, as decorators do not change. */
function fieldsOf(type: Function): ReadonlyMap<string, Field> {
  let fields = known.get(type);
  if (!fields) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    const byName = Map.groupBy(rules, ({ propertyName }) => propertyName);
    fields = new Map([...byName].map(([name, own]) => [name, fieldOf(name, own)]));
    known.set(type, fields);
  }
  return fields;
}

function fieldOf(name: string, rules: readonly Rule[]): Field {
  const checks = checksOf(name, rules);
  return {
    name,
    conditions: rules
      .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
      .map(({ constraints }) => constraints[0] as (object: object, value: unknown) => boolean),
    checks,
    missing: checks.length > 0 ? missingMessage(name, rules) : undefined,
    isNested: rules.some(({ type }) => type === ValidationTypes.NESTED_VALIDATION),
  };
}

/** A rule may say more: what to set, and where it comes from. */
function missingMessage(name: string, rules: readonly Rule[]): string {
  const own = rules.map(({ message }) => message).find((message) => String(message).includes('must be set'));
  return typeof own === 'string' ? own : `${name} must be set`;
}
