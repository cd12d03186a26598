import fc from 'fast-check';
import { fairLevel } from './fair-level.js';

describe('fairLevel', () => {
  it('takes nothing while there is room for all', () => {
    expect(fairLevel([], 10)).toBe(Infinity);
    expect(fairLevel([4, 6], 10)).toBe(Infinity);
  });

  it('takes from the largest only', () => {
    expect(fairLevel([1, 2, 100], 10)).toBe(7);
    expect(fairLevel([100, 100, 2], 10)).toBe(4);
  });

  it('shares equally between those that have more', () => {
    expect(fairLevel([50, 50], 10)).toBe(5);
    expect(fairLevel([1], 0)).toBe(0);
  });

  it('keeps to the total, and wastes less than a byte for each owner, whatever the sizes', () => {
    const size = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1 }), fc.integer({ min: 0, max: 5000 }), (sizes, total) => {
        const level = fairLevel(sizes, total);
        const kept = sizes.reduce((sum, one) => sum + Math.min(one, level), 0);
        const has = sizes.reduce((sum, one) => sum + one, 0);
        expect(kept).toBeLessThanOrEqual(total);
        expect(kept).toBeGreaterThanOrEqual(Math.min(has, total - sizes.length));
      }),
    );
  });
});
