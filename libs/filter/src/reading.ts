import type { FilterBudget } from './budget.js';

export interface FilterFault {
  /** `data.amount[0].numeric` */
  readonly path: string;
  readonly message: string;
}

export const limits = { conditions: 200, wildcards: 20, depth: 16, bytes: 8192 };

const maxFaults = 20;
const maxPath = 200;

/**
 * One condition, ready to be asked. `undefined` as the value: there is no such field.
 * @returns the path of what does not hold; undefined if all does. It has no meaning once the budget is spent.
 */
export type Check = (value: unknown, budget: FilterBudget) => string | undefined;

/** What is wrong with a filter, gathered while it is read, and how much of it has been read. */
export class Reading {
  readonly faults: FilterFault[] = [];
  /** Conditions that can be read and can never hold. */
  readonly warnings: FilterFault[] = [];
  #conditions = 0;
  #wildcards = 0;

  fault(path: string, message: string): undefined {
    if (this.faults.length < maxFaults) this.faults.push({ path, message });
    return undefined;
  }

  warn(path: string, message: string): void {
    if (this.warnings.length < maxFaults) this.warnings.push({ path: path.slice(0, maxPath), message });
  }

  /** @returns false when there are more conditions than a filter may have. */
  count(path: string): boolean {
    this.#conditions++;
    if (this.#conditions === limits.conditions + 1)
      this.fault(path, `is one too many: a filter has at most ${limits.conditions} conditions`);
    return this.#conditions <= limits.conditions;
  }

  get isFull(): boolean {
    return this.#conditions > limits.conditions || this.faults.length >= maxFaults;
  }

  /** They alone read a text from its beginning to its end. */
  countWildcard(path: string): boolean {
    this.#wildcards++;
    if (this.#wildcards === limits.wildcards + 1)
      this.fault(path, `is one too many: a filter has at most ${limits.wildcards} wildcards`);
    return this.#wildcards <= limits.wildcards;
  }
}

/**
 * What is known of a field before any event: `event` has the fields of an event, `text` is a text if it is there,
 * `own` is a text that every event has, `type` is such a one in which `*` and `#` never stand.
 */
export type Kind = 'event' | 'text' | 'own' | 'type' | 'data';

/** Where in a filter reading is. */
export interface Place {
  readonly path: string;
  readonly depth: number;
  readonly reading: Reading;
  readonly kind?: Kind | undefined;
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Beyond this two different integers may be read as the same number. */
export function isExact(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}
