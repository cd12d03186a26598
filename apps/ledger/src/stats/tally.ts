import type { DeliveryAttempted } from '#libs/contracts';
import { durationClassOf, emptyDurations } from './durations.js';

export const spansMs = { minutes: 300_000, hour: 3_600_000 } as const;
export type Span = keyof typeof spansMs;

export interface Tally {
  readonly destination_id: string;
  readonly span: Span;
  readonly at: string;
  delivered: number;
  failed: number;
  readonly durations: number[];
  last_delivered_at: string | null;
  last_failed_at: string | null;
}

type Attempted = Pick<DeliveryAttempted, 'destinationId' | 'result' | 'startedAt' | 'durationMs'>;

/** Counts attempts for each destination and span of time, in one order everywhere. */
export function tallyOf(attempts: readonly Attempted[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const attempt of attempts) {
    for (const span of ['minutes', 'hour'] as const) add(tallies, span, attempt);
  }
  return [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, tally]) => tally);
}

function add(tallies: Map<string, Tally>, span: Span, attempt: Attempted): void {
  const startedMs = Date.parse(attempt.startedAt);
  const at = new Date(startedMs - (startedMs % spansMs[span])).toISOString();
  const key = `${attempt.destinationId} ${span} ${at}`;
  const tally = tallies.get(key) ?? empty(attempt.destinationId, span, at);
  tallies.set(key, tally);
  const durationClass = durationClassOf(attempt.durationMs);
  tally.durations[durationClass] = (tally.durations[durationClass] ?? 0) + 1;
  if (attempt.result === 'delivered') {
    tally.delivered++;
    tally.last_delivered_at = laterOf(tally.last_delivered_at, attempt.startedAt);
  } else {
    tally.failed++;
    tally.last_failed_at = laterOf(tally.last_failed_at, attempt.startedAt);
  }
}

function empty(destination_id: string, span: Span, at: string): Tally {
  const counts = { delivered: 0, failed: 0, durations: emptyDurations() };
  return { destination_id, span, at, ...counts, last_delivered_at: null, last_failed_at: null };
}

function laterOf(one: string | null, other: string): string {
  return one !== null && Date.parse(one) > Date.parse(other) ? one : other;
}
