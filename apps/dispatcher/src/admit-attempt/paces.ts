import { LRUCache } from 'lru-cache';

const maxKept = 50_000;
/** What takes as long as this holds a slot for as long as dozens of quick attempts do. */
export const slowMs = 1000;
/** Of the mean, what the last attempt counts for. */
const weight = 0.2;
const unknownMeanMs = 500;

/** How a destination has answered of late. `unknown`: not tried yet by this process. */
export type Pace = 'quick' | 'unknown' | 'slow';

interface Kept {
  readonly pace: Pace;
  readonly meanMs: number;
}

/** What came of an attempt, as far as it tells how long the next one may hold a slot. */
export interface Ending {
  readonly isAnswered: boolean;
  readonly durationMs: number;
}

/** Remembers, for the destinations that this process tried last, whether they answer quickly. */
export class Paces {
  readonly #kept = new LRUCache<string, Kept>({ max: maxKept });

  of(destinationId: string): Pace {
    return this.#kept.get(destinationId)?.pace ?? 'unknown';
  }

  /** Of its attempts' durations, in milliseconds. */
  meanMs(destinationId: string): number {
    return this.#kept.peek(destinationId)?.meanMs ?? unknownMeanMs;
  }

  /** An answer is a sign of life whatever it says: a quick 500 holds no slot. */
  learn(destinationId: string, { isAnswered, durationMs }: Ending): void {
    const known = this.#kept.peek(destinationId)?.meanMs ?? durationMs;
    const meanMs = known + weight * (durationMs - known);
    const pace = isAnswered && durationMs < slowMs ? 'quick' : 'slow';
    this.#kept.set(destinationId, { pace, meanMs });
  }

  /** An attempt is under way for so long that the next ones need not wait for its end. */
  suspect(destinationId: string): void {
    this.#kept.set(destinationId, {
      pace: 'slow',
      meanMs: Math.max(slowMs, this.#kept.peek(destinationId)?.meanMs ?? 0),
    });
  }
}
