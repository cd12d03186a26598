/** One attempt at a destination, as it counts for its health. */
export interface Seen {
  /** The delivery and the number: an attempt may be reported more than once. */
  readonly attempt: string;
  /** Of the destination, when it was tried. */
  readonly version: number;
  readonly atMs: number;
  readonly delivered: boolean;
  readonly statusCode?: number | undefined;
}

type Failure = Pick<Seen, 'attempt' | 'atMs'>;

/** How a destination fares, by the times at which attempts were begun and not by the order in which they are reported. */
export interface Health {
  /** Attempts by an older version of the destination say nothing about it as it is. */
  readonly sinceVersion: number;
  /** In a row, up to now. */
  readonly failures: number;
  readonly failingSinceMs?: number | undefined;
  readonly lastSuccessMs?: number | undefined;
  /** The newest of those failures, oldest first. */
  readonly remembered: readonly Failure[];
  /** Failures up to here are counted, or come too late to be. */
  readonly forgottenUntilMs?: number | undefined;
  /** Posthorn disabled it as of this version, and nothing has succeeded since. */
  readonly disabledVersion?: number | undefined;
}

/** More than are ever reported in another order than they were made, by several dispatchers at once. */
const maxRemembered = 100;

export const unknownHealth: Health = { sinceVersion: 1, failures: 0, remembered: [] };

/** The streak of failures begins anew with a version that was enabled or given another URL. */
export function renewed(health: Health, sinceVersion: number): Health {
  if (sinceVersion <= health.sinceVersion) return health;
  const { disabledVersion } = health;
  return { ...unknownHealth, sinceVersion, ...(disabledVersion !== undefined && { disabledVersion }) };
}

/** Takes in an attempt. One that was taken in before changes nothing. */
export function observe(health: Health, seen: Seen): { health: Health; recovery?: Recovery } {
  if (seen.version < health.sinceVersion) return { health };
  return seen.delivered ? succeed(health, seen) : { health: fail(health, seen) };
}

/** The end of a streak of failures, or of having been disabled. */
export interface Recovery {
  readonly failures: number;
  readonly wasDisabled: boolean;
}

function fail(health: Health, { attempt, atMs }: Seen): Health {
  if (!isAfter(atMs, health.lastSuccessMs)) return health;
  const failing = { ...health, failingSinceMs: Math.min(health.failingSinceMs ?? atMs, atMs) };
  const isCounted = health.remembered.some((known) => known.attempt === attempt);
  if (isCounted || !isAfter(atMs, health.forgottenUntilMs)) return failing;
  const all = [...health.remembered, { attempt, atMs }].toSorted((a, b) => a.atMs - b.atMs);
  const forgotten = all.splice(0, Math.max(0, all.length - maxRemembered)).at(-1);
  return {
    ...failing,
    failures: health.failures + 1,
    remembered: all,
    ...(forgotten && { forgottenUntilMs: forgotten.atMs }),
  };
}

function succeed(before: Health, { version, atMs }: Seen): { health: Health; recovery?: Recovery } {
  const wasDisabled = before.disabledVersion !== undefined && version > before.disabledVersion;
  const isNews = isAfter(atMs, before.lastSuccessMs);
  if (!isNews && !wasDisabled) return { health: before };
  const after = isNews ? endStreak(before, atMs) : before;
  // Of failures that are forgotten it is not known which came before a success as late as this.
  const failures = isAfter(before.forgottenUntilMs ?? -Infinity, atMs) ? 0 : before.failures - after.failures;
  return {
    health: wasDisabled ? { ...after, disabledVersion: undefined } : after,
    recovery: { failures, wasDisabled },
  };
}

/** Only failures that were begun after the success still count. */
function endStreak(health: Health, successMs: number): Health {
  const remembered = health.remembered.filter(({ atMs }) => isAfter(atMs, successMs));
  return {
    ...health,
    failures: remembered.length,
    failingSinceMs: remembered[0]?.atMs,
    lastSuccessMs: successMs,
    remembered,
  };
}

function isAfter(timeMs: number, otherMs: number | undefined): boolean {
  return otherMs === undefined || timeMs > otherMs;
}
