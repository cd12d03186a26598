import { matchesPattern } from './matches-pattern.js';

export interface Subscription {
  readonly destinationId: string;
  readonly destinationVersion: number;
  readonly enabled: boolean;
  readonly eventTypes: readonly string[];
}

const maxRemembered = 1000;

/** One tenant's destinations at one revision, asked by event type. */
export class Subscriptions {
  readonly #matches = new Map<string, readonly Subscription[]>();

  constructor(private readonly all: readonly Subscription[]) {}

  /** A tenant publishes few types many times: the answer is worked out once for each. */
  matching(eventType: string): readonly Subscription[] {
    const known = this.#matches.get(eventType);
    if (known) return known;
    const found = this.all.filter(({ eventTypes }) =>
      eventTypes.some((pattern) => matchesPattern(pattern, eventType)),
    );
    if (this.#matches.size >= maxRemembered) this.#matches.clear();
    this.#matches.set(eventType, found);
    return found;
  }
}
