import type { DeliveryAttempted } from '#libs/contracts';
import type { Wake } from '../lanes/wake-lanes.js';

/** Too many requests, bad gateway, unavailable, gateway timeout: the endpoint as a whole has too much to do. */
const overloaded = new Set([429, 502, 503, 504]);
const pauseMs = 1000;
const maxPauseMs = 30_000;

/**
 * An endpoint that has too much to do gets what waits for it more slowly: its lane is looked at, and gives what there is
 * room for, once for each pause. `Retry-After` says how long that is, within half a minute; without it a second, so that
 * retries stay near their times.
 */
export function pausesOf(
  attempts: readonly Pick<DeliveryAttempted, 'destinationId' | 'statusCode' | 'retryAfterS'>[],
): Wake[] {
  return attempts
    .filter(({ statusCode }) => statusCode !== undefined && overloaded.has(statusCode))
    .map(({ destinationId, retryAfterS }) => ({
      destinationId,
      pauseMs: retryAfterS === undefined ? pauseMs : Math.min(retryAfterS * 1000, maxPauseMs),
    }));
}
