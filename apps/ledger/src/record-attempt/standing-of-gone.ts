import type { Standing } from '../deliveries/deliveries.repository.js';
import { standingOfWaiting } from '../deliveries/standing-of-waiting.js';

/**
 * Where a delivery stands whose endpoint answered 410 Gone. The destination is about to be disabled for it, by the
 * version that was tried; where a newer one is enabled that will not come, and the delivery is tried at once.
 */
export function standingOfGone(
  triedVersion: number,
  known: Parameters<typeof standingOfWaiting>[2],
): Pick<Standing, 'status' | 'dueInMs'> {
  const standing = standingOfWaiting('destination_disabled', triedVersion, known);
  return standing.status === 'pending' ? { ...standing, status: 'retrying' } : standing;
}
