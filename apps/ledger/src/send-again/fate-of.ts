import type { DeliveryStatus } from '#libs/contracts';

/**
 * What becomes of a delivery that is asked for again. `under_way`: it is being tried at this moment and left alone.
 * `deleted`: its destination is. `expired`: its payload is past its retention, or erased.
 */
export type Fate = 'sent' | 'held' | 'under_way' | 'deleted' | 'expired';

export interface Standing {
  readonly status: DeliveryStatus;
  /** It waits for its time; else it is in somebody's hands, held, or finished. */
  readonly isDue: boolean;
  readonly hasPayload: boolean;
}

const inHand: ReadonlySet<DeliveryStatus> = new Set(['pending', 'retrying']);

export function fateOf(
  { status, isDue, hasPayload }: Standing,
  destination: { readonly deleted: boolean; readonly enabled: boolean },
): Fate {
  if (destination.deleted) return 'deleted';
  if (!hasPayload) return 'expired';
  if (status === 'cancelled') return 'deleted';
  if (inHand.has(status) && !isDue) return 'under_way';
  return destination.enabled ? 'sent' : 'held';
}
