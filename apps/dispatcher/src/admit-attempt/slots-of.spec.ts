import { slotsOf } from './slots-of.js';

/** How many attempts a window can have when all begin as early as they may, after a pause. */
const mostIn = (windowMs: number, ratePerSecond: number): number => {
  const { everyMs, aheadMs } = slotsOf(ratePerSecond);
  return Math.floor((windowMs + aheadMs) / everyMs) + 1;
};

describe("a rate's slots", () => {
  it.each([1, 1.5, 2, 3, 10, 99.9, 1000, 100_000])(
    'let no more than 1.2 times a rate of %d begin in any 10 s',
    (rate) => {
      expect(mostIn(9999, rate)).toBeLessThanOrEqual(12 * rate);
      expect(mostIn(9999, rate)).toBeGreaterThanOrEqual(Math.floor(10 * rate));
    },
  );

  it.each([0.01, 0.5, 1])('are never closer than 1/%d s', (rate) => {
    expect(slotsOf(rate)).toEqual({ everyMs: 1000 / rate, aheadMs: 0 });
  });

  it('can be caught up with for a second', () => {
    expect(slotsOf(10)).toEqual({ everyMs: 100, aheadMs: 900 });
  });
});
