import type { DeliveryAttempted, DeliveryStatus } from '#libs/contracts';

export interface Timetable {
  /** The waits before the 2nd, 3rd, … attempt. */
  readonly scheduleMs: readonly number[];
  /** How many attempts had been made when the schedule began. */
  readonly start: number;
  /** 0 to 1: how much of a wait is left to chance, either way. */
  readonly jitter: number;
}

const maxRetryAfterMs = 24 * 3_600_000;

/**
 * What follows from an attempt: nothing more, another one in so many milliseconds, giving up, or, where the endpoint
 * said that it is gone, keeping the delivery until somebody has seen to the destination.
 */
export function decide(
  attempt: Pick<DeliveryAttempted, 'result' | 'statusCode' | 'attempt' | 'retryAfterS'>,
  timetable: Timetable,
  random: () => number = Math.random,
): { status: DeliveryStatus; dueInMs?: number } {
  if (attempt.result === 'delivered') return { status: 'delivered' };
  if (attempt.result === 'refused' && attempt.statusCode === 410) return { status: 'held' };
  const waitMs = timetable.scheduleMs[attempt.attempt - timetable.start - 1];
  if (waitMs === undefined) return { status: 'failed' };
  const jittered = waitMs * (1 + timetable.jitter * (2 * random() - 1));
  return { status: 'retrying', dueInMs: Math.round(Math.max(jittered, askedForMs(attempt.retryAfterS))) };
}

/** An endpoint may ask for more time than the schedule gives, within a day; not for less. */
function askedForMs(retryAfterS: number | undefined): number {
  return Math.min((retryAfterS ?? 0) * 1000, maxRetryAfterMs);
}
