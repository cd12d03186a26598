import type { Journal } from './journal.js';

/**
 * I10: for how long after something was there again nothing went through. A publish over HTTP has to be accepted, and a
 * webhook to arrive; what had nothing left to do is not waited for.
 * @returns the longest of all, in milliseconds; undefined if nothing was away.
 */
export function slowestRecoveryMs(
  backAtMs: readonly number[],
  { intents, sightings }: Journal,
): number | undefined {
  const accepted = intents.flatMap(({ door, acknowledgedAtMs }) =>
    door === 'http' && acknowledgedAtMs !== undefined ? [acknowledgedAtMs] : [],
  );
  const arrived = sightings.map(({ atMs }) => atMs);
  const waits = backAtMs.flatMap((backMs) =>
    [accepted, arrived].flatMap((times) => {
      const first = firstSince(backMs, times);
      return first === undefined ? [] : [first - backMs];
    }),
  );
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function firstSince(sinceMs: number, times: readonly number[]): number | undefined {
  return times.reduce<number | undefined>(
    (first, time) => (time >= sinceMs && (first === undefined || time < first) ? time : first),
    undefined,
  );
}
