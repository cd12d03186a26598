/** Upper bounds of the classes that attempts are counted in by how long they took; the last class has none. */
export const durationBoundsMs = [
  5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 15_000,
  20_000, 30_000,
] as const;

export function emptyDurations(): number[] {
  return Array.from({ length: durationBoundsMs.length + 1 }, () => 0);
}

export function durationClassOf(durationMs: number): number {
  const found = durationBoundsMs.findIndex((boundMs) => durationMs <= boundMs);
  return found === -1 ? durationBoundsMs.length : found;
}

/**
 * How long the given share of attempts took at most, as if those of a class were spread evenly over it.
 * @returns null if there were none.
 */
export function quantileMs(durations: readonly number[], share: number): number | null {
  const total = durations.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = share * total;
  let before = 0;
  for (const [index, count] of durations.entries()) {
    if (count > 0 && before + count >= wanted) {
      const fromMs = durationBoundsMs[index - 1] ?? 0;
      const toMs = durationBoundsMs[index] ?? fromMs;
      return Math.round(fromMs + ((toMs - fromMs) * (wanted - before)) / count);
    }
    before += count;
  }
  return durationBoundsMs.at(-1) ?? null;
}
