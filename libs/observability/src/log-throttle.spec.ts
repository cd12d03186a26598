import { LogThrottle } from './log-throttle.js';

describe('LogThrottle', () => {
  it('admits one line per key and interval', () => {
    const throttle = new LogThrottle(1000);
    expect(throttle.admit('a', 0)).toBe(1);
    expect(throttle.admit('a', 999)).toBeUndefined();
    expect(throttle.admit('b', 999)).toBe(1);
  });

  it('counts in the next line those that were left out', () => {
    const throttle = new LogThrottle(1000);
    for (const atMs of [0, 1, 2, 3]) throttle.admit('a', atMs);
    expect(throttle.admit('a', 1000)).toBe(4);
    expect(throttle.admit('a', 2000)).toBe(1);
  });

  it('admits a bounded number of lines however many keys there are', () => {
    const throttle = new LogThrottle(1000, 3);
    const admitted = Array.from({ length: 50 }, (_, index) => throttle.admit(`key ${index}`, 0));
    expect(admitted.filter((count) => count !== undefined)).toHaveLength(3);
  });
});
