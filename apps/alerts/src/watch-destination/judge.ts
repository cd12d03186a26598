import type { Health, Seen } from './health.js';

/** What is known of the destination itself. */
export interface Known {
  /** 0 while the news of it is on its way. */
  readonly version: number;
  /** The version that last enabled it or gave it another URL. */
  readonly renewedVersion: number;
  readonly deleted: boolean;
  readonly enabled: boolean;
}

export interface Verdict {
  /** The version of the destination that it was judged by. */
  readonly ifVersion: number;
  readonly reason: string;
  /** The time of the attempt that decided it. */
  readonly atMs: number;
}

/**
 * Whether a destination is to be disabled, by attempts just reported and its health after them.
 * @param disableAfterMs 0 for never; 410 Gone disables at once all the same.
 */
export function judge(
  health: Health,
  known: Known,
  attempts: readonly Seen[],
  disableAfterMs: number,
): Verdict | undefined {
  const judged = attempts.filter(({ version }) => version >= health.sinceVersion);
  const verdict = gone(known, judged) ?? failing(health, known, judged, disableAfterMs);
  return verdict && !isDisabled(verdict.ifVersion, health, known) ? verdict : undefined;
}

function gone(known: Known, attempts: readonly Seen[]): Verdict | undefined {
  const last = newest(attempts.filter(({ statusCode }) => statusCode === 410));
  if (!last) return undefined;
  const ifVersion = Math.max(known.version, last.version);
  return { ifVersion, reason: 'endpoint answered 410 Gone', atMs: last.atMs };
}

/** By the times of the attempts: between two of them nothing is known, and after the last one neither. */
function failing(
  { failingSinceMs, remembered }: Health,
  known: Known,
  attempts: readonly Seen[],
  disableAfterMs: number,
): Verdict | undefined {
  const last = newest(attempts);
  const lastFailure = remembered.at(-1);
  if (disableAfterMs === 0 || failingSinceMs === undefined || !last || !lastFailure) return undefined;
  if (lastFailure.atMs - failingSinceMs < disableAfterMs) return undefined;
  return {
    ifVersion: known.version || last.version,
    reason: `every attempt has failed for ${textOf(disableAfterMs)}`,
    atMs: lastFailure.atMs,
  };
}

/** Also while the news of our own disabling is on its way. */
function isDisabled(version: number, { disabledVersion }: Health, known: Known): boolean {
  if (disabledVersion !== undefined && version <= disabledVersion) return true;
  return !known.enabled && known.version >= version;
}

function newest(attempts: readonly Seen[]): Seen | undefined {
  return attempts.toSorted((a, b) => a.version - b.version || a.atMs - b.atMs).at(-1);
}

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** In the largest unit of which it is a whole number: `5d`, `90m`. */
function textOf(durationMs: number): string {
  const [unit, sizeMs] = Object.entries(units).find(([, size]) => durationMs % size === 0) ?? ['ms', 1];
  return `${durationMs / sizeMs}${unit}`;
}
