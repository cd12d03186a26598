import { getHeapStatistics } from 'node:v8';
import { until } from '#libs/testing';
import { giveBackMemory } from './give-back-memory.js';

const heldMiB = (): number => getHeapStatistics().total_heap_size / 1024 ** 2;

/** Objects of some 100 MiB, all of them garbage afterwards. */
function burst(): number {
  return Array.from({ length: 1_000_000 }, (_, number) => ({ number, text: `number ${number}` })).length;
}

describe('a process', () => {
  it('gives back what a burst has left behind, once it is at rest', async () => {
    const looking = giveBackMemory(50);
    const beforeMiB = heldMiB();
    burst();
    expect(heldMiB()).toBeGreaterThan(beforeMiB + 60);
    await until('the memory', () => heldMiB() < beforeMiB + 20);
    clearInterval(looking);
  });
});
