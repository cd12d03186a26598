import type { DisableDestination } from '#libs/contracts';
import type { DestinationRow } from '../registry.tables.js';
import type { Changed } from './destinations.repository.js';

type Request = Pick<DisableDestination, 'ifVersion' | 'reason'>;

/** @returns undefined if the destination is to be left alone: it is another one than was judged, or disabled already. */
export function disabling(
  row: Pick<DestinationRow, 'version' | 'enabled'>,
  { ifVersion, reason }: Request,
): Partial<DestinationRow> | undefined {
  if (row.version !== ifVersion || !row.enabled) return undefined;
  return { enabled: false, disabled_reason: reason };
}

/** Whether it is disabled as this request asks, now or when the same was asked before. */
export function isDisabledBy(
  { ifVersion, reason }: Request,
  { destination, change }: Pick<Changed, 'destination' | 'change'>,
): boolean {
  return !change.enabled && change.version === ifVersion + 1 && destination.disabledReason === reason;
}
