import { LRUCache } from 'lru-cache';

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Of those that are pushed out the next call is let through: a caller would need more keys than this to gain by it. */
const maxBuckets = 50_000;

/** How many calls a second each of many callers may make; after a pause a caller may make two seconds' worth at once. */
export class TokenBuckets {
  readonly #buckets = new LRUCache<string, Bucket>({ max: maxBuckets });
  readonly #size: number;

  constructor(private readonly ratePerSecond: number) {
    this.#size = Math.max(1, 2 * ratePerSecond);
  }

  /** @returns 0 if there was one to take, else after how many milliseconds there will be. */
  take(id: string, nowMs: number = performance.now()): number {
    const bucket = this.#buckets.get(id) ?? { tokens: this.#size, filledAtMs: nowMs };
    const gained = ((nowMs - bucket.filledAtMs) / 1000) * this.ratePerSecond;
    const tokens = Math.min(this.#size, bucket.tokens + gained);
    const isThere = tokens >= 1;
    this.#buckets.set(id, { tokens: isThere ? tokens - 1 : tokens, filledAtMs: nowMs });
    return isThere ? 0 : ((1 - tokens) / this.ratePerSecond) * 1000;
  }
}
