import { LRUCache } from 'lru-cache';

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Of those that are pushed out the next call is let through: a caller would need more keys than this to gain by it. */
const maxBuckets = 50_000;

/** How many calls, events or bytes a second each of many callers may have; after a pause two seconds' worth at once. */
export class TokenBuckets {
  readonly #buckets = new LRUCache<string, Bucket>({ max: maxBuckets });
  readonly #size: number;

  constructor(private readonly ratePerSecond: number) {
    this.#size = Math.max(1, 2 * ratePerSecond);
  }

  /**
   * Takes `amount`. What is more than a full bucket is let through when it is full, and what comes next waits for longer.
   * @returns 0 if it was there, else after how many milliseconds it will be; then nothing was taken.
   */
  take(id: string, amount = 1, nowMs: number = performance.now()): number {
    const bucket = this.#buckets.get(id) ?? { tokens: this.#size, filledAtMs: nowMs };
    const gained = ((nowMs - bucket.filledAtMs) / 1000) * this.ratePerSecond;
    const tokens = Math.min(this.#size, bucket.tokens + gained);
    const needed = Math.min(amount, this.#size);
    const isThere = tokens >= needed;
    this.#buckets.set(id, { tokens: isThere ? tokens - amount : tokens, filledAtMs: nowMs });
    return isThere ? 0 : ((needed - tokens) / this.ratePerSecond) * 1000;
  }
}
