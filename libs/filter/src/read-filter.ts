import { FilterBudget } from './budget.js';
import { readFields } from './read-fields.js';
import { type FilterFault, limits, Reading } from './reading.js';

export type { FilterFault } from './reading.js';

/** What of an event conditions can be on. */
export interface FilteredEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  /** Parsed, or `notJson`. */
  readonly data: unknown;
  /** The attributes of a CloudEvent. */
  readonly source?: unknown;
  readonly subject?: unknown;
  readonly dataschema?: unknown;
  readonly extensions?: object;
}

export interface EventFilter {
  /** Whether `data` has to be parsed for it. */
  readonly readsData: boolean;
  /**
   * @returns where the first condition is that does not hold, `data.amount`; undefined if the event matches, and also if
   *   the budget is spent before that is known: rather too many deliveries than a loss.
   */
  mismatch(event: FilteredEvent, budget?: FilterBudget): string | undefined;
}

export interface ReadFilter {
  readonly filter: EventFilter;
  /** Conditions that can never hold, so that the filter is likely not what its owner meant. */
  readonly warnings: readonly FilterFault[];
}

/**
 * Reads conditions in the style of EventBridge patterns. What comes out asks no question that takes more than linear
 * time, and runs nothing that its owner wrote.
 */
export function readFilter(filter: object): ReadFilter | { faults: readonly FilterFault[] } {
  const reading = new Reading();
  const check = readFields(filter, { path: '', depth: 1, reading, kind: 'event' });
  // Only what is known not to be too deep is written out.
  if (reading.faults.length === 0 && Buffer.byteLength(JSON.stringify(filter)) > limits.bytes)
    reading.fault('', `is too long: a filter has at most ${limits.bytes} bytes`);
  if (!check || reading.faults.length > 0) return { faults: reading.faults };
  return {
    filter: {
      readsData: mentionsData(filter),
      mismatch(event, budget = new FilterBudget()) {
        if (budget.isSpent) return undefined;
        const failed = check(event, budget);
        return budget.isSpent ? undefined : failed;
      },
    },
    warnings: reading.warnings,
  };
}

function mentionsData(filter: object): boolean {
  return Object.entries(filter).some(
    ([name, value]: [string, unknown]) =>
      name === 'data' || (name === '$or' && (value as object[]).some(mentionsData)),
  );
}
