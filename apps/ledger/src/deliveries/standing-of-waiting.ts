import type { DeliveryPostponed } from '#libs/contracts';
import type { Standing } from './deliveries.repository.js';

type Reason = DeliveryPostponed['reason'];

const unknownRetryMs = 1000;

/**
 * Where a delivery stands that its destination keeps from being tried. Whoever saw that may have gone by an older
 * version of the destination than the ledger knows: then it is to be tried at once.
 */
export function standingOfWaiting(
  reason: Reason,
  seenVersion: number,
  known: { version: number; deleted: boolean; enabled: boolean } | undefined,
): Pick<Standing, 'status' | 'dueInMs'> {
  if (known?.deleted || reason === 'destination_deleted') return { status: 'cancelled' };
  const newer = known !== undefined && known.version > seenVersion;
  if (newer) return known.enabled ? { status: 'pending', dueInMs: 0 } : { status: 'held' };
  if (reason === 'destination_disabled') return { status: 'held' };
  return { status: 'pending', dueInMs: unknownRetryMs };
}
