import type { RunningPosthorn } from '#libs/testing';
import type { Books } from './books.js';
import type { Journal } from './journal.js';

/** What all processes of a Posthorn have counted, added up, and which processes these were. */
export interface Counted {
  readonly accepted: number;
  readonly repeated: number;
  readonly routed: number;
  /** What Posthorn itself published for its operator: it is routed, too. */
  readonly told: number;
  readonly attempts: number;
  readonly delivered: number;
  readonly recorded: number;
  readonly recordedDelivered: number;
  readonly pids: string;
}

/** I11: where what the metrics say differs from the journals and the API. */
export interface Compared extends Pick<Journal, 'intents' | 'sightings'> {
  readonly books: Books;
  readonly before: Counted;
  readonly after: Counted;
  /** What may have been in flight when something was taken away: it may be counted twice, or not where it was heard of. */
  readonly inFlight: number;
}

const series: Readonly<Record<keyof Omit<Counted, 'pids'>, RegExp>> = {
  accepted: /^posthorn_events_accepted_total\{/,
  repeated: /^posthorn_events_repeated_total\{/,
  routed: /^posthorn_events_routed_total\{/,
  told: /^posthorn_operational_events_total\{/,
  attempts: /^posthorn_attempts_total\{/,
  delivered: /^posthorn_attempts_total\{.*outcome="delivered"/,
  recorded: /^posthorn_attempts_recorded_total\{/,
  recordedDelivered: /^posthorn_attempts_recorded_total\{.*outcome="delivered"/,
};

export async function readCounted({ run }: RunningPosthorn): Promise<Counted> {
  const pages = await Promise.all(
    run.services.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text()),
  );
  const lines = pages.flatMap((page) => page.split('\n'));
  const sum = (wanted: RegExp): number =>
    lines
      .filter((line) => wanted.test(line))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  const sums = Object.entries(series).map(([name, wanted]) => [name, sum(wanted)]);
  const pids = run.services.map(({ pid }) => pid).join(' ');
  return { ...(Object.fromEntries(sums) as Omit<Counted, 'pids'>), pids };
}

/**
 * Nothing to say where a process was killed or restarted: what it had counted went with it. Else each figure is what the
 * journals and the API say, give or take what was in flight.
 */
export function contradictions(compared: Compared): string[] {
  const { before, after, books, sightings, intents, inFlight } = compared;
  if (before.pids !== after.pids) return [];
  const rise = (name: keyof typeof series): number => after[name] - before[name];
  const attempts = books.deliveries.flatMap((delivery) => delivery.attempts);
  const isSuccess = (status: number | null): boolean => status !== null && status >= 200 && status < 300;
  const acknowledged = intents.filter(({ acknowledgedAtMs }) => acknowledgedAtMs !== undefined).length;
  const delivered = attempts.filter(({ statusCode }) => isSuccess(statusCode)).length;
  const pairs: [what: string, counted: number, known: number][] = [
    ['accepted, of what publishers had acknowledged', rise('accepted'), acknowledged],
    [
      'accepted and not repeated, of the events in the API',
      rise('accepted') - rise('repeated'),
      books.eventIds.size,
    ],
    ['routed, of the events in the API', rise('routed') - rise('told'), books.eventIds.size],
    [
      'attempts made, of the requests that endpoints saw',
      rise('attempts'),
      attemptsOf(sightings.length, sightings.filter(({ status }) => status === 0).length, rise('attempts')),
    ],
    [
      'attempts delivered, of the 2xx that endpoints gave',
      rise('delivered'),
      sightings.filter(({ status }) => isSuccess(status)).length,
    ],
    ['attempts recorded, of those in the API', rise('recorded'), attempts.length],
    ['attempts recorded as delivered, of those in the API', rise('recordedDelivered'), delivered],
  ];
  return pairs
    .filter(([, counted, known]) => Math.abs(counted - known) > inFlight)
    .map(([what, counted, known]) => `the metrics have ${counted} ${what}: ${known}`);
}

/**
 * A request on a kept connection that ends without an answer is sent once more, as the same attempt: up to half of the
 * requests without an answer are no attempts of their own.
 * @returns the number of attempts, of those that the requests can be, that is nearest to what was counted.
 */
function attemptsOf(requests: number, unanswered: number, counted: number): number {
  return Math.min(requests, Math.max(requests - Math.floor(unanswered / 2), counted));
}
