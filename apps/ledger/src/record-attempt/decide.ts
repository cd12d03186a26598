import type { DeliveryAttempted, DeliveryStatus } from '#libs/contracts';

export interface Timetable {
  /** The waits before the 2nd, 3rd, … attempt. */
  readonly scheduleMs: readonly number[];
  /** 0 to 1: how much of a wait is left to chance, either way. */
  readonly jitter: number;
}

const maxRetryAfterMs = 24 * 3_600_000;

/** What follows from an attempt: nothing more, another one in so many milliseconds, or giving up. */
export function decide(
  attempt: Pick<DeliveryAttempted, 'result' | 'attempt' | 'retryAfterS'>,
  timetable: Timetable,
  random: () => number = Math.random,
): { status: DeliveryStatus; dueInMs?: number } {
  if (attempt.result === 'delivered') return { status: 'delivered' };
  const waitMs = timetable.scheduleMs[attempt.attempt - 1];
  if (waitMs === undefined) return { status: 'failed' };
  const jittered = waitMs * (1 + timetable.jitter * (2 * random() - 1));
  return { status: 'retrying', dueInMs: Math.round(Math.max(jittered, askedForMs(attempt.retryAfterS))) };
}

/** An endpoint may ask for more time than the schedule gives, within a day; not for less. */
function askedForMs(retryAfterS: number | undefined): number {
  return Math.min((retryAfterS ?? 0) * 1000, maxRetryAfterMs);
}
