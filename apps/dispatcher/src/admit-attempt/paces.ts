import { LRUCache } from 'lru-cache';

const maxKept = 50_000;
/** What takes as long as this holds a slot for as long as dozens of quick attempts do. */
export const slowMs = 1000;
/** Of the mean, what an attempt counts for that was quicker. */
const weight = 0.2;
const unknownMeanMs = 500;

/** How long a destination's attempts took of late. `unknown`: not tried yet by this process. */
export type Pace = 'quick' | 'unknown' | 'slow';

interface Kept {
  readonly pace: Pace;
  readonly meanMs: number;
}

/** Remembers, for the destinations that this process tried last, whether their attempts end quickly. */
export class Paces {
  readonly #kept = new LRUCache<string, Kept>({ max: maxKept });

  of(destinationId: string): Pace {
    return this.#kept.get(destinationId)?.pace ?? 'unknown';
  }

  /** Of its attempts' durations, in milliseconds; a peak EWMA, as in Finagle: up at once, down step by step. */
  meanMs(destinationId: string): number {
    return this.#kept.peek(destinationId)?.meanMs ?? unknownMeanMs;
  }

  /** However the attempt ended: neither a quick 500 nor a refused connection holds a slot. */
  learn(destinationId: string, durationMs: number): void {
    const known = this.#kept.peek(destinationId)?.meanMs ?? durationMs;
    const meanMs = Math.max(durationMs, known + weight * (durationMs - known));
    this.#kept.set(destinationId, { pace: durationMs < slowMs ? 'quick' : 'slow', meanMs });
  }

  /** An attempt is under way for so long that the next ones need not wait for its end. */
  suspect(destinationId: string): void {
    this.#kept.set(destinationId, {
      pace: 'slow',
      meanMs: Math.max(slowMs, this.#kept.peek(destinationId)?.meanMs ?? 0),
    });
  }
}
