/** A day by UTC: `2026-01-31`. */
export type Day = string;

export const dayMs = 86_400_000;

export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(day) + count * dayMs).toISOString().slice(0, 10);
}

/** More than a service that was away for a month has missed; a pass stays short whatever a clock says. */
const maxDaysAtOnce = 40;

/**
 * The days that are to have a partition and have none, nearest to today first: yesterday (rows still on their way at
 * midnight) to `ahead` days from now; and those missed since the newest there is, as what was accepted while the
 * service was away comes in with the dates of then.
 */
export function missingDays(existing: readonly Day[], today: Day, ahead: number): Day[] {
  const known = new Set(existing);
  const last = addDays(today, ahead);
  const yesterday = addDays(today, -1);
  // What lies beyond was made for rows of a clock that went wrong.
  const newest = existing
    .filter((day) => day <= last)
    .toSorted()
    .at(-1);
  const oldest = newest !== undefined && newest < yesterday ? newest : yesterday;
  const missing: Day[] = [];
  for (let day = last; day >= oldest; day = addDays(day, -1)) {
    if (!known.has(day)) missing.push(day);
    if (missing.length === maxDaysAtOnce) break;
  }
  return missing;
}

/** The days of which every moment is longer ago than the retention, oldest first. */
export function expiredDays(existing: readonly Day[], nowMs: number, retentionMs: number): Day[] {
  return existing
    .filter((day) => Date.parse(day) + dayMs + retentionMs <= nowMs)
    .toSorted()
    .slice(0, maxDaysAtOnce);
}
