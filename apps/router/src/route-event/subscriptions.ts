import type { EventAccepted } from '#libs/contracts';
import type { EventFilter } from '#libs/filter';
import { filterable } from './filterable.js';
import { matchesPattern } from './matches-pattern.js';

export interface Subscription {
  readonly destinationId: string;
  readonly destinationVersion: number;
  readonly enabled: boolean;
  readonly eventTypes: readonly string[];
  readonly filter?: EventFilter | undefined;
}

type Matched = Pick<EventAccepted, 'eventId' | 'eventType' | 'timestamp' | 'contentType' | 'body'>;

const maxRemembered = 1000;

/** One tenant's destinations at one revision. */
export class Subscriptions {
  readonly #ofType = new Map<string, readonly Subscription[]>();

  constructor(readonly all: readonly Subscription[]) {}

  /** Those that want this event. Its payload is parsed only if a filter asks for it, and then once. */
  matching(event: Matched): readonly Subscription[] {
    const subscribed = this.#subscribed(event.eventType);
    if (!subscribed.some(({ filter }) => filter)) return subscribed;
    const filtered = filterable(event);
    return subscribed.filter(({ filter }) => filter?.mismatch(filtered) === undefined);
  }

  /** A tenant publishes few types many times: the answer is worked out once for each. */
  #subscribed(eventType: string): readonly Subscription[] {
    const known = this.#ofType.get(eventType);
    if (known) return known;
    const found = this.all.filter((subscription) => subscribesTo(subscription, eventType));
    if (this.#ofType.size >= maxRemembered) this.#ofType.clear();
    this.#ofType.set(eventType, found);
    return found;
  }
}

export function subscribesTo({ eventTypes }: Pick<Subscription, 'eventTypes'>, eventType: string): boolean {
  return eventTypes.some((pattern) => matchesPattern(pattern, eventType));
}
