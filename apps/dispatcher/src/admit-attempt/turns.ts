import { LRUCache } from 'lru-cache';

const maxKept = 50_000;

/** What somebody had no room in. */
export interface Room {
  /** Those who wait for the same room stand in the same line. */
  readonly line: string;
  /** Before this there is no room. */
  readonly soonestMs: number;
  /** How far behind the one before it in its line this one comes back. */
  readonly everyMs: number;
  /** After this it looks again however many are before it, since much can have changed by then. */
  readonly latestMs: number;
}

/**
 * When those who were sent away are to come back: one after another, at the pace at which they can be taken. All of
 * them at once would be sent away again, and again.
 */
export class Turns {
  /** When the last one that was sent away comes back. */
  readonly #last = new LRUCache<string, number>({ max: maxKept });

  constructor(private readonly random: () => number = Math.random) {}

  /** @returns in how many milliseconds this one is to come back. */
  next({ line, soonestMs, everyMs, latestMs }: Room, nowMs: number = performance.now()): number {
    const lastMs = this.#last.get(line) ?? 0;
    const aheadMs = Math.max(soonestMs, lastMs + everyMs - nowMs);
    if (aheadMs > latestMs) return Math.round(latestMs * (0.5 + this.random() / 2));
    this.#last.set(line, nowMs + aheadMs);
    return Math.round(aheadMs);
  }
}
