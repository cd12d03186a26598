import { setTimeout as delay } from 'node:timers/promises';
import { partsOf } from './bundle.js';
import { Bundler } from './bundler.js';
import type { Encoded } from './codec.js';

const encoded = (routingKey: string, size = 1): Encoded => ({
  routingKey,
  body: Buffer.alloc(size),
  options: { type: routingKey },
});

/** How many messages each bundle had, by routing key. */
function observed(result: () => Promise<void> = () => Promise.resolve()) {
  const published: [string, number][] = [];
  const bundler = new Bundler(({ routingKey, body, options }) => {
    const message = { content: body, properties: { ...options, headers: {} }, fields: {} };
    published.push([routingKey, partsOf(message as never).length]);
    return result();
  });
  const add = (message: Encoded, deadlineMs = 1000, everyMs = 0): Promise<void> =>
    bundler.add(message, { deadlineMs, everyMs });
  return { published, add };
}

describe('what is published in one turn of the event loop', () => {
  it('goes together for each routing key and deadline, and later things by themselves', async () => {
    const { published, add } = observed();
    await Promise.all([add(encoded('a')), add(encoded('b')), add(encoded('a')), add(encoded('a'), 5)]);
    await add(encoded('a'));
    expect(published).toEqual([
      ['a', 2],
      ['b', 1],
      ['a', 1],
      ['a', 1],
    ]);
  });

  it('is no more than 50 messages and 64 KiB together; a larger message goes alone', async () => {
    const { published, add } = observed();
    await Promise.all(Array.from({ length: 120 }, () => add(encoded('a'))));
    await Promise.all([1, 30_000, 30_000, 30_000, 100_000, 1].map((size) => add(encoded('b', size))));
    expect(published).toEqual([
      ['a', 50],
      ['a', 50],
      ['a', 20],
      ['b', 3],
      ['b', 1],
      ['b', 1],
      ['b', 1],
    ]);
  });

  it('fails together, each with the reason', async () => {
    const { add } = observed(() => Promise.reject(new Error('no queue')));
    const results = await Promise.allSettled([add(encoded('a')), add(encoded('a'))]);
    expect(results).toEqual([1, 2].map(() => ({ status: 'rejected', reason: new Error('no queue') })));
  });
});

describe('what is published soon after a bundle', () => {
  const everyMs = 500;

  it('waits for the next one, and no longer', async () => {
    const { published, add } = observed();
    await add(encoded('a'), 1000, everyMs);
    const leftAt = performance.now();
    const waiting = [add(encoded('a'), 1000, everyMs)];
    await delay(20);
    waiting.push(add(encoded('a'), 1000, everyMs));
    await add(encoded('b'), 1000, everyMs);
    expect(published).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    await Promise.all(waiting);
    expect(performance.now() - leftAt).toBeGreaterThan(everyMs - 50);
    expect(published).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('does not wait once that one is full', async () => {
    const { published, add } = observed();
    const startedAt = performance.now();
    await add(encoded('a'), 1000, 60_000);
    await Promise.all(Array.from({ length: 50 }, () => add(encoded('a'), 1000, 60_000)));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(published).toEqual([
      ['a', 1],
      ['a', 50],
    ]);
  });
});
