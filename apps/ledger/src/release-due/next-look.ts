/** What one look found in a lane, and what became of it. */
export interface Look {
  /** The circuit of its destination is open: one delivery at most goes, to see whether it still is. */
  readonly open: boolean;
  readonly ratePerSecond: number | null;
  /** How many might have gone, by the destination's own limits. */
  readonly room: number;
  /** How many were taken to be sent, at most what there was room for and this lane's part of the batch. */
  readonly taken: number;
  /** How many of these went: the others are in somebody else's hands, or cannot go yet. */
  readonly sent: number;
  /** For how long nothing has gone to its destination of what is on its way; Infinity if nothing is. */
  readonly stuckForMs: number;
  /** When the first one that was not taken is due; undefined if there is none. */
  readonly nextDueAt: Date | undefined;
  readonly isNextDue: boolean;
}

/** When to look again: not before `afterMs`, by then or at `at`; undefined if nothing waits. */
export interface NextLook {
  readonly at?: Date;
  readonly afterMs: number;
  /** Whoever wakes the lane does not shorten it either. */
  readonly paused?: boolean;
}

/** How soon room is looked for where the last look found some: what is under way comes back. */
const movingMs = 50;
/** How soon at the latest where it did not. */
const stuckMs = 250;

export function nextLook(look: Look, probeIntervalMs: number): NextLook | undefined {
  const pauseMs = pauseAfter(look, probeIntervalMs);
  if (pauseMs > 0) return { afterMs: pauseMs, paused: true, ...(look.nextDueAt && { at: look.nextDueAt }) };
  if (look.sent < look.taken) return { afterMs: stuckMs };
  if (look.nextDueAt === undefined) return undefined;
  if (!look.isNextDue) return { afterMs: 0, at: look.nextDueAt };
  if (look.taken < look.room) return { afterMs: 0 };
  return { afterMs: look.sent > 0 ? movingMs : untilRoom(look.stuckForMs) };
}

/** Half as long as it has been waited for: so what a destination gets does not hang on how its answers fall between looks. */
function untilRoom(stuckForMs: number): number {
  return Math.min(Math.max(stuckForMs / 2, movingMs), stuckMs);
}

function pauseAfter({ open, sent, ratePerSecond }: Look, probeIntervalMs: number): number {
  if (sent === 0) return 0;
  if (open) return probeIntervalMs;
  return ratePerSecond === null ? 0 : Math.round((sent * 1000) / ratePerSecond);
}
