import { Acks } from './acks.js';

let told: [number, boolean][];
let acks: Acks<number>;

beforeEach(() => {
  told = [];
  acks = new Acks((message, allUpTo) => told.push([message, allUpTo]));
  for (const message of [1, 2, 3, 4, 5]) acks.came(message);
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Acks', () => {
  it('acknowledges a batch once, whatever the order in which it was done', async () => {
    for (const message of [2, 1, 3]) acks.done(message);
    await nextTurn();
    expect(told).toEqual([[3, true]]);
  });

  it('never acknowledges a message that is in hand by a later one', () => {
    for (const message of [1, 3, 4]) acks.done(message);
    acks.flush();
    expect(told).toEqual([
      [1, true],
      [3, false],
      [4, false],
    ]);
  });

  it('counts what was acknowledged by itself among the earlier ones', () => {
    acks.done(2);
    acks.flush();
    acks.done(3);
    acks.done(1);
    acks.flush();
    expect(told).toEqual([
      [2, false],
      [3, true],
    ]);
  });

  it('acknowledges each message exactly once and none that is in hand, in every order', () => {
    for (let seed = 1; seed < 50; seed++) {
      const acknowledged = acknowledgedIn(shuffled(seed), seed);
      expect(acknowledged.toSorted((a, b) => a - b)).toEqual([...Array(20).keys()]);
    }
  });
});

/** Ends twenty messages in this order, telling now and then. @returns what the broker takes for done, as it goes by. */
function acknowledgedIn(order: readonly number[], seed: number): number[] {
  const unacknowledged = new Set(order.toSorted((a, b) => a - b));
  const inHand = new Set(order);
  const all: number[] = [];
  const subject = new Acks<number>((message, allUpTo) => {
    const taken = [...unacknowledged].filter((one) => one === message || (allUpTo && one < message));
    expect(taken.filter((one) => inHand.has(one))).toEqual([]);
    expect(taken).toContain(message);
    for (const one of taken) unacknowledged.delete(one);
    all.push(...taken);
  });
  for (const message of unacknowledged) subject.came(message);
  for (const [index, message] of order.entries()) {
    inHand.delete(message);
    subject.done(message);
    if ((index * seed) % 3 === 0) subject.flush();
  }
  subject.flush();
  return all;
}

/** Another order for each seed. */
function shuffled(seed: number): number[] {
  const weights = [...Array(20).keys()].map((n) => ({ n, weight: Math.sin(seed * 1000 + n * 77) }));
  return weights.toSorted((a, b) => a.weight - b.weight).map(({ n }) => n);
}
