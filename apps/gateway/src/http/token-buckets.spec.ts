import { TokenBuckets } from './token-buckets.js';

describe('a limit of 10 calls a second', () => {
  const allowed = (buckets: TokenBuckets, id: string, calls: number, nowMs: number): number =>
    Array.from({ length: calls }, () => buckets.take(id, 1, nowMs)).filter((waitMs) => waitMs === 0).length;

  it('lets 20 through at once, and then 10 in each second', () => {
    const buckets = new TokenBuckets(10);
    expect([0, 1000, 2000, 10_000].map((nowMs) => allowed(buckets, 'a', 100, nowMs))).toEqual([
      20, 10, 10, 20,
    ]);
  });

  it('says when the next one may come, and keeps its word', () => {
    const buckets = new TokenBuckets(10);
    allowed(buckets, 'a', 20, 0);
    const waitMs = buckets.take('a', 1, 50);
    expect(waitMs).toBeCloseTo(50);
    expect(buckets.take('a', 1, 50 + waitMs - 1)).toBeGreaterThan(0);
    expect(buckets.take('a', 1, 50 + waitMs + 1)).toBe(0);
  });

  it('is each caller’s own', () => {
    const buckets = new TokenBuckets(10);
    expect([allowed(buckets, 'a', 100, 0), allowed(buckets, 'b', 100, 0)]).toEqual([20, 20]);
  });

  it('may be less than one a second', () => {
    const buckets = new TokenBuckets(0.1);
    expect([0, 5000, 10_000].map((nowMs) => allowed(buckets, 'a', 5, nowMs))).toEqual([1, 0, 1]);
  });

  it('counts amounts, and lets what is more than a full bucket through when it is full', () => {
    const buckets = new TokenBuckets(10);
    expect([buckets.take('a', 15, 0), buckets.take('a', 15, 0)]).toEqual([0, 1000]);
    expect(buckets.take('b', 40, 0)).toBe(0);
    expect(buckets.take('b', 1, 0)).toBe(2100);
  });
});
