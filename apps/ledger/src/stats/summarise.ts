import type { AttemptStats } from '#libs/contracts';
import { emptyDurations, quantileMs } from './durations.js';
import { type Span, spansMs } from './tally.js';

export interface Counted {
  readonly span: Span;
  readonly at: Date;
  readonly delivered: number;
  readonly failed: number;
  readonly durations: readonly number[];
}

const hourMs = spansMs.hour;

export const windows = {
  lastHour: { span: 'minutes', lengthMs: hourMs },
  lastDay: { span: 'hour', lengthMs: 24 * hourMs },
  lastWeek: { span: 'hour', lengthMs: 7 * 24 * hourMs },
} as const satisfies Record<string, { span: Span; lengthMs: number }>;

/** A window begins with the span of time in which its first moment lies: `since` says where that is. */
export function summarise(
  counted: readonly Counted[],
  { span, lengthMs }: { span: Span; lengthMs: number },
  nowMs: number,
): AttemptStats {
  const fromMs = nowMs - lengthMs;
  const sinceMs = fromMs - (fromMs % spansMs[span]);
  const within = counted.filter((one) => one.span === span && one.at.getTime() >= sinceMs);
  const delivered = within.reduce((sum, one) => sum + one.delivered, 0);
  const failed = within.reduce((sum, one) => sum + one.failed, 0);
  const attempts = delivered + failed;
  const durations = emptyDurations().map((_, index) =>
    within.reduce((sum, one) => sum + (one.durations[index] ?? 0), 0),
  );
  return {
    since: new Date(sinceMs).toISOString(),
    attempts,
    delivered,
    failed,
    successRate: attempts === 0 ? null : Math.round((delivered / attempts) * 10_000) / 10_000,
    p50Ms: quantileMs(durations, 0.5),
    p95Ms: quantileMs(durations, 0.95),
  };
}
