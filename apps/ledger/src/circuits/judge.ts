import type { AttemptResult } from '#libs/contracts';

export interface Circuit {
  /** Attempts in a row that got no answer. */
  readonly failures: number;
  readonly open: boolean;
  /** Grows with each opening and closing. */
  readonly version: number;
}

/**
 * Where these attempts leave a circuit: it opens after `threshold` in a row that got no answer, and closes with any
 * answer at all, be it an error. What was blocked says nothing of the endpoint: it was not asked.
 */
export function judge(circuit: Circuit, results: readonly AttemptResult[], threshold: number): Circuit {
  let { failures, open } = circuit;
  for (const result of results) {
    if (result === 'blocked') continue;
    failures = result === 'unreachable' ? failures + 1 : 0;
    open = failures > 0 && (open || failures >= threshold);
  }
  return { failures, open, version: circuit.version + (open === circuit.open ? 0 : 1) };
}
