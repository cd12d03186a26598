const secondMs = 1000;
/** How much of a rate may be caught up with at once after a pause. */
const burstMs = 500;

/** A rate as slots: one every so many milliseconds, and how far ahead of its time one may be taken. */
export interface Slots {
  readonly everyMs: number;
  readonly aheadMs: number;
}

/**
 * Requests do not come back at the very moment of their slot, so a slot that was missed can be caught up with: half a
 * second's worth. Ten seconds then have 10.5 seconds' worth of attempts at most. Under two a second nothing is caught
 * up with: no two attempts are closer than a slot.
 */
export function slotsOf(ratePerSecond: number): Slots {
  const everyMs = secondMs / ratePerSecond;
  return { everyMs, aheadMs: Math.max(0, burstMs - everyMs) };
}
