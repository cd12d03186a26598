import { Upkeep } from './upkeep.js';

describe('upkeep', () => {
  it('is done before it is said to have started', async () => {
    let done = 0;
    const upkeep = new Upkeep({ work: async () => void done++, onTrouble: () => undefined });
    await upkeep.start();
    expect(done).toBe(1);
    await upkeep.stop();
  });

  it('is done again and again, until it is stopped', async () => {
    let done = 0;
    let enough = (): void => undefined;
    const often = new Promise<void>((resolve) => (enough = resolve));
    const work = async (): Promise<void> => (++done === 5 ? enough() : undefined);
    const upkeep = new Upkeep({ work, onTrouble: () => undefined, intervalMs: 1 });
    await upkeep.start();
    await often;
    await upkeep.stop();
    const doneThen = done;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toBe(doneThen);
  });

  it('that fails says when it tries again, and stops nothing', async () => {
    const troubles: [unknown, number][] = [];
    const failing = new Error('away');
    const upkeep = new Upkeep({
      work: () => Promise.reject(failing),
      onTrouble: (error, retryInMs) => void troubles.push([error, retryInMs]),
    });
    await upkeep.start();
    await upkeep.stop();
    expect(troubles).toEqual([[failing, expect.any(Number)]]);
    expect(troubles[0]?.[1]).toBeGreaterThan(50_000);
    expect(troubles[0]?.[1]).toBeLessThanOrEqual(60_000);
  });
});
