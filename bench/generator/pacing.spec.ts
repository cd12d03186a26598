import { dueAfter, eventsOf, intendedAfterMs } from './pacing.js';
import type { Plan } from './plan.js';

const plan: Plan = {
  run: 'r',
  door: 'http',
  apiUrl: '',
  apiKey: '',
  amqpUrl: '',
  destinations: 100,
  fanOut: 1,
  payloadBytes: 1024,
  batchSize: 100,
  window: 1000,
};

describe('the pace of an open loop', () => {
  it('is the same however late the generator is: each publish is due at its own time', () => {
    for (const publish of [0, 1, 2, 999]) {
      const atMs = intendedAfterMs(publish, 250, 1);
      expect(dueAfter(atMs, 250, 1)).toBe(publish + 1);
      expect(dueAfter(atMs + 3.9, 250, 1)).toBe(publish + 1);
    }
  });

  it('counts the events of a batch', () => {
    expect(intendedAfterMs(3, 1000, 100)).toBe(300);
    expect(dueAfter(300, 1000, 100)).toBe(4);
  });
});

describe('eventsOf', () => {
  it('reaches every destination equally often, singly and in batches', () => {
    for (const [door, publishes] of [
      ['http', 1000],
      ['batch', 100],
    ] as const) {
      const events = Array.from({ length: publishes }, (_, index) =>
        eventsOf({ ...plan, door }, index),
      ).flat();
      const counts = Map.groupBy(events, ({ tenant, destination }) => `${tenant}/${destination}`);
      expect(counts.size).toBe(100);
      expect(new Set([...counts.values()].map(({ length }) => length)).size).toBe(1);
    }
  });

  it('numbers events without a gap, and keeps a batch to one tenant', () => {
    const batches = [0, 1, 2].map((index) => eventsOf({ ...plan, door: 'batch' }, index));
    expect(batches.flat().map(({ number }) => number)).toEqual([...Array(300).keys()]);
    expect(batches.map((batch) => new Set(batch.map(({ tenant }) => tenant)).size)).toEqual([1, 1, 1]);
  });

  it('sends to the only destination there is, or to all of a tenant', () => {
    expect(eventsOf({ ...plan, destinations: 1 }, 17)).toMatchObject([{ tenant: 0, destination: 0 }]);
    expect(eventsOf({ ...plan, fanOut: 10 }, 17)).toMatchObject([{ tenant: 7, destination: 'all' }]);
  });
});
