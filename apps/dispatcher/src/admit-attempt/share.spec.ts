import { shareOf } from './share.js';

const destinations = Array.from({ length: 200 }, (_, index) => `dst_${index}`);
const processes = (count: number, seed = 'p'): string[] =>
  Array.from({ length: count }, (_, index) => `${seed}-${index}`);
const sharesOf = (limit: number, destinationId: string, all: readonly string[]): number[] =>
  all.map((self) => shareOf(limit, destinationId, { self, processes: new Set(all) }));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe("a process' share of a destination's limit", () => {
  it.each([1, 2, 3, 4, 5])('adds up to exactly the limit over %i processes', (count) => {
    for (const limit of [1, 2, 3, 7, 10, 1000])
      for (const destinationId of destinations)
        for (const seed of ['p', '3f2a', 'é'])
          expect(sum(sharesOf(limit, destinationId, processes(count, seed)))).toBe(limit);
  });

  it('differs by one at most, and the remainder falls to another process for another destination', () => {
    const totals = [0, 0, 0];
    for (const destinationId of destinations) {
      const shares = sharesOf(1, destinationId, processes(3));
      shares.forEach((share, index) => (totals[index]! += share));
      expect(Math.max(...sharesOf(10, destinationId, processes(3)))).toBe(4);
      expect(Math.min(...sharesOf(10, destinationId, processes(3)))).toBe(3);
    }
    for (const total of totals) expect(total).toBeGreaterThan(200 / 3 / 2);
  });

  it('is not larger for a process that knows of one more than there is', () => {
    const [self = '', ...others] = processes(4);
    for (const destinationId of destinations)
      for (const limit of [1, 2, 3, 5, 10]) {
        const known = new Set([self, ...others]);
        const more = shareOf(limit, destinationId, { self, processes: known.add('newcomer') });
        expect(more).toBeLessThanOrEqual(
          shareOf(limit, destinationId, { self, processes: new Set([self, ...others]) }),
        );
      }
  });
});
