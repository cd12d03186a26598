import { type DeliveryPostponed, postponeReasons } from '#libs/contracts';
import type { Standing } from './deliveries.repository.js';

type Reason = DeliveryPostponed['reason'];

const unknownRetryMs = 1000;

/**
 * Where a delivery stands that could not be tried. Whoever saw that may have gone by an older version of the destination
 * than the ledger knows: then it is to be tried at once. What an open circuit or a limit sent back is due, too: its lane
 * knows when it may go.
 */
export function standingOfWaiting(
  reason: Reason,
  seenVersion: number,
  known: { version: number; deleted: boolean; enabled: boolean } | undefined,
  retryInMs?: number,
): Pick<Standing, 'status' | 'dueInMs'> {
  if (known?.deleted || reason === 'destination_deleted') return { status: 'cancelled' };
  const isNewer = known !== undefined && known.version > seenVersion;
  const isEnabled = isNewer ? known.enabled : reason !== 'destination_disabled';
  return isEnabled ? { status: 'pending', dueInMs: waitMs(reason, isNewer, retryInMs) } : { status: 'held' };
}

function waitMs(reason: Reason, isNewer: boolean, retryInMs?: number): number {
  // A reason of a newer dispatcher: at once would be a loop.
  if (!postponeReasons.includes(reason)) return retryInMs ?? unknownRetryMs;
  if (reason === 'at_limit' || reason === 'destination_unreadable') return retryInMs ?? 0;
  return reason === 'destination_unknown' && !isNewer ? unknownRetryMs : 0;
}
