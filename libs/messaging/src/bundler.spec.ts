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
  const add = (message: Encoded, deadlineMs = 1000): Promise<void> => bundler.add(message, deadlineMs);
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
