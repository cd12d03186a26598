import { createHash } from 'node:crypto';

/** What the publisher meant to publish, written down before it tried, and what came of it. */
export interface Intent {
  readonly eventId: string;
  readonly tenantId: string;
  readonly eventType: string;
  readonly door: 'http' | 'amqp';
  /** Of the payload's bytes. */
  readonly hash: string;
  tries: number;
  /** Of the first try. */
  readonly begunAtMs?: number;
  acknowledgedAtMs?: number;
  /** An answer that a publisher must never get. */
  wrongAnswer?: string;
}

/** A request that an endpoint saw, written down before it answered. */
export interface Sighting {
  readonly path: string;
  readonly eventId: string;
  readonly hash: string;
  readonly isVerified: boolean;
  readonly atMs: number;
  /** What it was answered; 0 for a connection that was reset. */
  readonly status: number;
}

export interface Journal {
  readonly intents: Intent[];
  readonly sightings: Sighting[];
}

/** How often, and how soon, what was not delivered is tried again. */
export interface Timetable {
  readonly scheduleMs: readonly number[];
  readonly jitter: number;
}

/**
 * One request for each attempt. A request on a kept connection that ends without an answer is sent once more at once, as
 * the same attempt: of two that are closer to each other than a retry can be, only the second one is kept.
 */
export function attemptsSeen(
  sightings: readonly Sighting[],
  { scheduleMs: [firstRetryMs = 0], jitter }: Timetable,
): Sighting[] {
  const soonestRetryMs = firstRetryMs * (1 - jitter);
  const nextAtMs = new Map<string, number>();
  return sightings
    .toReversed()
    .filter((sighting) => {
      const key = `${sighting.eventId} ${sighting.path}`;
      const pauseMs = (nextAtMs.get(key) ?? Infinity) - sighting.atMs;
      nextAtMs.set(key, sighting.atMs);
      return sighting.status !== 0 || pauseMs >= soonestRetryMs;
    })
    .toReversed();
}

export function hashOf(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
}
