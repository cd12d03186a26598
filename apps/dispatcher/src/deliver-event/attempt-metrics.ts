import {
  attemptResults,
  type DeliveryPostponed,
  type DeliveryRequested,
  postponeReasons,
} from '#libs/contracts';
import { counter, gauge, histogram, latencyBuckets, workBuckets } from '#libs/observability';
import type { Attempt } from './report.js';

const attempts = counter(
  {
    name: 'posthorn_attempts_total',
    help: 'Attempts that this process made, by what came of them and, where they failed, by error class.',
    labels: ['outcome', 'error_class'],
  },
  [
    { outcome: 'delivered', error_class: '' },
    { outcome: 'refused', error_class: 'http_5xx' },
    { outcome: 'unreachable', error_class: 'timeout' },
  ],
);

const durations = histogram(
  {
    name: 'posthorn_attempt_duration_seconds',
    help: 'How long attempts took, from the first question to DNS to the last byte that was read of the answer.',
    labels: ['outcome'],
  },
  workBuckets,
);
for (const outcome of attemptResults) durations.zero({ outcome });

const underWay = gauge({
  name: 'posthorn_attempts_under_way',
  help: 'Attempts that this process is making at this moment.',
});

const toFirstAttempt = histogram(
  {
    name: 'posthorn_accept_to_first_attempt_seconds',
    help: 'From the acceptance of an event to the beginning of the first attempt at each of its deliveries, by the clocks of two services.',
  },
  latencyBuckets,
);

const toDelivered = histogram(
  {
    name: 'posthorn_accept_to_delivered_seconds',
    help: 'From the acceptance of an event to the 2xx of a destination, retries included, by the clocks of two services.',
  },
  latencyBuckets,
);

const postponed = counter(
  {
    name: 'posthorn_deliveries_postponed_total',
    help: 'Deliveries that could not be tried when they came, and went back to the ledger, by why.',
    labels: ['reason'],
  },
  postponeReasons.map((reason) => ({ reason })),
);

/** To be called when an attempt begins. @returns what is to be called when it ends, however it ends. */
export function attemptBegun(): () => void {
  underWay.inc();
  return () => underWay.dec();
}

export function countAttempt(
  { attempt, acceptedAt }: Pick<DeliveryRequested, 'attempt' | 'acceptedAt'>,
  { result: outcome, errorClass = '', durationMs, repeated, startedAt }: Attempt,
): void {
  attempts.inc({ outcome, error_class: errorClass });
  durations.observe({ outcome }, durationMs / 1000);
  const startedMs = Date.parse(startedAt);
  const acceptedMs = Date.parse(acceptedAt);
  if (attempt === 1 && !repeated) toFirstAttempt.observe(seconds(startedMs - acceptedMs));
  if (outcome === 'delivered') toDelivered.observe(seconds(startedMs + durationMs - acceptedMs));
}

export function countPostponed({ reason }: Pick<DeliveryPostponed, 'reason'>): void {
  postponed.inc({ reason });
}

/** Clocks differ: what would be before its acceptance was at once. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1000;
}
