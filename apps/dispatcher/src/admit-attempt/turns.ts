import { LRUCache } from 'lru-cache';

const maxKept = 50_000;
const maxAheadMs = 30_000;

/**
 * When those who were sent away are to come back: one after another, at the pace at which their destination takes
 * them. All of them at once would be sent away again, and again.
 */
export class Turns {
  /** When the last one that was sent away comes back. */
  readonly #last = new LRUCache<string, number>({ max: maxKept });

  constructor(private readonly random: () => number = Math.random) {}

  /**
   * @param soonestMs before this there is no room.
   * @param everyMs how far apart those of one destination come back.
   * @returns in how many milliseconds this one is to come back.
   */
  next(
    destinationId: string,
    { soonestMs, everyMs }: { readonly soonestMs: number; readonly everyMs: number },
    nowMs: number = performance.now(),
  ): number {
    const lastMs = this.#last.get(destinationId) ?? 0;
    const aheadMs = Math.max(soonestMs, lastMs + everyMs - nowMs);
    // Who would have to wait for longer looks again sooner, since much can have changed by then.
    if (aheadMs > maxAheadMs) return Math.round(maxAheadMs * (0.5 + this.random() / 2));
    this.#last.set(destinationId, nowMs + aheadMs);
    return Math.round(aheadMs);
  }
}
