const secondMs = 1000;
/** How much of a rate may be caught up with at once after a pause. */
const burstMs = 1000;

/** A rate as slots: one every so many milliseconds, and how far ahead of its time one may be taken. */
export interface Slots {
  readonly everyMs: number;
  readonly aheadMs: number;
}

/**
 * Requests do not come back at the very moment of their slot, and the ledger sends a second's worth at once, so slots
 * that were missed can be caught up with: a second's worth. Ten seconds then have eleven seconds' worth of attempts at
 * most. At one a second or less nothing is caught up with: no two attempts are closer than a slot.
 */
export function slotsOf(ratePerSecond: number): Slots {
  const everyMs = secondMs / ratePerSecond;
  return { everyMs, aheadMs: Math.max(0, burstMs - everyMs) };
}
