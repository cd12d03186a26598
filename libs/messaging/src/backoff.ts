/** Exponential from 100 ms to `maxMs`, less up to half by chance, so that processes do not come back in step. */
export function backoffMs(attempt: number, maxMs = 5000, random: () => number = Math.random): number {
  const full = Math.min(maxMs, 100 * 2 ** Math.min(attempt, 16));
  return Math.round(full * (1 - random() / 2));
}
