import { readFields } from './read-fields.js';
import { type Check, type FilterFault, limits, Reading } from './reading.js';

export type { FilterFault } from './reading.js';

/** In place of an event's data that is not JSON: no condition on it holds. */
export const notJson: unique symbol = Symbol('not JSON');

/** What of an event conditions can be on. */
export interface FilteredEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  /** Parsed, or `notJson`. */
  readonly data: unknown;
}

export interface EventFilter {
  /** Whether `data` has to be parsed for it. */
  readonly readsData: boolean;
  /** @returns where the first condition is that does not hold, `data.amount`; undefined if the event matches. */
  mismatch(event: FilteredEvent): string | undefined;
}

const fields = ['id', 'type', 'timestamp', 'data'];
/** Many more than a filter has conditions: only arrays of the event can come to so many. */
const maxComparisons = 50_000;

/**
 * Reads conditions in the style of EventBridge patterns. What comes out asks no question that takes more than linear
 * time, and runs nothing that its owner wrote.
 */
export function readFilter(filter: object): { filter: EventFilter } | { faults: readonly FilterFault[] } {
  const reading = new Reading();
  const check = readFields(filter, { path: '', depth: 1, reading, only: fields, guard: guardData });
  // Only what is known not to be too deep is written out.
  if (reading.faults.length === 0 && Buffer.byteLength(JSON.stringify(filter)) > limits.bytes)
    reading.fault('', `is too long: a filter has at most ${limits.bytes} bytes`);
  if (!check || reading.faults.length > 0) return { faults: reading.faults };
  return {
    filter: {
      readsData: mentionsData(filter),
      mismatch: (event) => check(event, { left: maxComparisons }),
    },
  };
}

/** Also the condition that something is not there holds only of data that can be read. */
function guardData(name: string, check: Check): Check {
  if (name !== 'data') return check;
  return (value, looks) => (value === notJson ? 'data' : check(value, looks));
}

function mentionsData(filter: object): boolean {
  return Object.entries(filter).some(
    ([name, value]: [string, unknown]) =>
      name === 'data' || (name === '$or' && (value as object[]).some(mentionsData)),
  );
}
