import { cpus } from 'node:os';

const lookEveryMs = 1000;
const littleIdle = 0.05;

/**
 * Counts the seconds of some work in which the machine had next to nothing left. What is red with many of them may want a
 * machine rather than a repair.
 */
export async function countFullSeconds<T>(work: () => Promise<T>): Promise<{ result: T; fullS: number }> {
  let last = look();
  let fullMs = 0;
  const timer = setInterval(() => {
    const now = look();
    const tookMs = now.atMs - last.atMs;
    // By the clock, not by the sum of all processor times: what a hypervisor took was not idle either.
    if (now.idleMs - last.idleMs < littleIdle * tookMs * cpus().length) fullMs += tookMs;
    last = now;
  }, lookEveryMs);
  try {
    return { result: await work(), fullS: Math.round(fullMs / 1000) };
  } finally {
    clearInterval(timer);
  }
}

function look(): { atMs: number; idleMs: number } {
  return { atMs: performance.now(), idleMs: cpus().reduce((sum, { times }) => sum + times.idle, 0) };
}
