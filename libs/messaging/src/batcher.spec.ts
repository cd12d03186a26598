import { setTimeout as delay } from 'node:timers/promises';
import { until } from '#libs/testing';
import { Batcher } from './batcher.js';

/** Waits 50 ms for three, and notes how many each batch had. */
function waiting(worked: Promise<void>) {
  const sizes: number[] = [];
  const work = (items: readonly number[]): Promise<void> => {
    sizes.push(items.length);
    return worked;
  };
  return { sizes, batcher: new Batcher<number>({ size: 3, waitMs: 50, work }) };
}

describe('a batcher', () => {
  it('hands on at once what arrived together, and meanwhile collects the next batch', async () => {
    const batches: number[][] = [];
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const done = Promise.withResolvers<void>();
    const batcher = new Batcher<number>({
      size: 10,
      waitMs: 0,
      work: async (items) => {
        batches.push(items);
        await gates[batches.length - 1]?.promise;
        if (batches.length === 2) done.resolve();
      },
    });
    batcher.push(1);
    batcher.push(2);
    await new Promise(setImmediate);
    expect(batches).toEqual([[1, 2]]);
    batcher.push(3);
    batcher.push(4);
    await new Promise(setImmediate);
    expect(batches).toEqual([[1, 2]]);
    gates[0]?.resolve();
    gates[1]?.resolve();
    await done.promise;
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('never makes a batch larger than its size', async () => {
    const sizes: number[] = [];
    const done = Promise.withResolvers<void>();
    const batcher = new Batcher<number>({
      size: 3,
      waitMs: 0,
      work: (items) => {
        sizes.push(items.length);
        if (sizes.length === 3) done.resolve();
        return Promise.resolve();
      },
    });
    for (let item = 0; item < 7; item++) batcher.push(item);
    await done.promise;
    expect(sizes).toEqual([3, 3, 1]);
  });

  it('gives each owner its share of a batch, in the order of its items', async () => {
    const batches: string[][] = [];
    const done = Promise.withResolvers<void>();
    const batcher = new Batcher<string>({
      size: 4,
      waitMs: 0,
      ownerOf: ([owner]) => owner,
      work: (items) => {
        batches.push(items);
        if (batches.length === 3) done.resolve();
        return Promise.resolve();
      },
    });
    for (const item of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'b1', 'c1', 'c2']) batcher.push(item);
    await done.promise;
    expect(batches).toEqual([
      ['a1', 'b1', 'c1', 'c2'],
      ['a2', 'a3', 'a4', 'a5'],
      ['a6', 'a7', 'a8'],
    ]);
  });

  it('waits for more, but not for longer than until a batch is full', async () => {
    const { sizes, batcher } = waiting(Promise.resolve());
    batcher.push(1);
    await new Promise(setImmediate);
    expect(sizes).toEqual([]);
    batcher.push(2);
    batcher.push(3);
    await new Promise(setImmediate);
    expect(sizes).toEqual([3]);
    batcher.push(4);
    await delay(100);
    expect(sizes).toEqual([3, 1]);
  });

  it('waits for more before each batch, also for what came while it worked', async () => {
    const gate = Promise.withResolvers<void>();
    const { sizes, batcher } = waiting(gate.promise);
    for (let item = 0; item < 4; item++) batcher.push(item);
    await new Promise(setImmediate);
    gate.resolve();
    await new Promise(setImmediate);
    batcher.push(4);
    expect(sizes).toEqual([3]);
    await until('the rest', () => sizes.length > 1);
    expect(sizes).toEqual([3, 2]);
  });

  it('asks before each batch how long to wait', async () => {
    const sizes: number[] = [];
    let waitMs = 60_000;
    const work = (items: readonly number[]): Promise<void> => {
      sizes.push(items.length);
      waitMs = 0;
      return Promise.resolve();
    };
    const batcher = new Batcher<number>({ size: 3, waitMs: () => waitMs, work });
    for (let item = 0; item < 3; item++) batcher.push(item);
    await until('the full one', () => sizes.length === 1);
    batcher.push(3);
    await until('the one that is not full', () => sizes.length === 2);
    expect(sizes).toEqual([3, 1]);
  });

  describe('whose items have to be of some age', () => {
    const ageMs = 100;
    /** A timer may ring a little early. */
    const ripe = ageMs - 2;
    let batches: number[][];
    let batcher: Batcher<number>;

    beforeEach(() => {
      batches = [];
      const work = (items: readonly number[]): Promise<void> => {
        batches.push(items.map((since) => performance.now() - since));
        return Promise.resolve();
      };
      batcher = new Batcher<number>({ size: 30, waitMs: 50, ageMs, work });
    });

    it('leaves those that are younger for a later batch', async () => {
      for (let count = 0; count < 20; count++) {
        batcher.push(performance.now());
        await delay(10);
      }
      await until('all', () => batches.flat().length === 20);
      expect(Math.min(...batches.flat())).toBeGreaterThanOrEqual(ripe);
    });

    it('does not hurry because a batch is full', async () => {
      for (let count = 0; count < 40; count++) batcher.push(performance.now());
      await until('all', () => batches.flat().length === 40);
      expect(Math.min(...batches.flat())).toBeGreaterThanOrEqual(ripe);
      expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(30);
    });
  });
});
