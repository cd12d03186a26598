import { type EventFilter, FilterBudget } from '#libs/filter';
import { filterable, type Published } from './filterable.js';
import type { Turns } from './turns.js';
import { TypeParts, type TypePatterns } from './type-patterns.js';

export interface Subscription {
  readonly destinationId: string;
  readonly destinationVersion: number;
  readonly enabled: boolean;
  readonly eventTypes: readonly string[];
  readonly types: TypePatterns;
  readonly filter?: EventFilter | undefined;
  /** What it takes in memory, estimated. */
  readonly bytes: number;
}

/** How many destinations are remembered, for all types together. */
const maxRemembered = 5000;

/** One tenant's destinations at one revision. */
export class Subscriptions {
  readonly #ofType = new Map<string, readonly Subscription[]>();
  #remembered = 0;

  /** @param all in one order everywhere: what the filters may cost together is spent in it. */
  constructor(readonly all: readonly Subscription[]) {}

  /** Those that want this event. Its payload is parsed only if a filter asks for it, and then once. */
  async matching(event: Published, turns: Turns): Promise<readonly Subscription[]> {
    const subscribed = await this.#subscribed(event.eventType, turns);
    if (!subscribed.some(({ filter }) => filter)) return subscribed;
    const filtered = filterable(event);
    const budget = new FilterBudget();
    const matching: Subscription[] = [];
    if (turns.isDue(costOfReading(event, subscribed))) await turns.give();
    for (const subscription of subscribed) {
      const before = budget.spent;
      if (subscription.filter?.mismatch(filtered, budget) === undefined) matching.push(subscription);
      if (turns.isDue(budget.spent - before)) await turns.give();
    }
    return matching;
  }

  /** A tenant publishes few types many times: the answer is worked out once for each. */
  async #subscribed(eventType: string, turns: Turns): Promise<readonly Subscription[]> {
    const known = this.#ofType.get(eventType);
    if (known) return known;
    const type = new TypeParts(eventType);
    const found: Subscription[] = [];
    for (const subscription of this.all) {
      if (subscription.types.match(type)) found.push(subscription);
      if (turns.isDue(subscription.types.cost)) await turns.give();
    }
    this.#remember(eventType, found);
    return found;
  }

  #remember(eventType: string, found: readonly Subscription[]): void {
    if (this.#remembered > maxRemembered) {
      this.#ofType.clear();
      this.#remembered = 0;
    }
    this.#remembered += found.length + 1;
    this.#ofType.set(eventType, found);
  }
}

const bytesPerComparison = 16;

/** Parsing a payload takes about as long as reading its characters. */
export function costOfReading(event: Published, subscriptions: readonly Subscription[]): number {
  return subscriptions.some(({ filter }) => filter?.readsData) ? event.body.length / bytesPerComparison : 0;
}
