import { setTimeout as delay } from 'node:timers/promises';
import type { FaultedPosthorn } from '../faulted-posthorn.js';

/** What a fault did. */
export interface Struck {
  /** How often. */
  readonly strikes: number;
  /** When what was taken away was there again, each time, in milliseconds since 1970. */
  readonly backAtMs?: readonly number[];
  /** What the row itself saw to be wrong. */
  readonly faults?: readonly string[];
}

/** One line of the matrix. */
export interface Row {
  readonly name: string;
  /** For people: what is done to the system. */
  readonly what: string;
  /**
   * Where it runs: as `npm start` has it, with two processes of each service, with a bad network before the broker, or on
   * a cluster of three brokers.
   */
  readonly stage?: 'own' | 'scaled' | 'proxied' | 'cluster';
  readonly inPullRequests?: boolean;
  /** It reaches into the containers of the servers. */
  readonly needsDocker?: boolean;
  /** How many webhooks may come twice for each time the fault strikes (I4). */
  readonly duplicatesPerStrike: number;
  /** How long a strike may hold up what it hits. */
  readonly outageMs: number;
  /** The sweeper may have to mend something: elsewhere it has to find nothing. */
  readonly mayNeedRepair?: boolean;
  /** What was in the broker alone is gone by the nature of the fault: only what the history has is looked at. */
  readonly onlyRecorded?: boolean;
  /** Destinations are registered all the while. */
  readonly churns?: boolean;
  /** It lasts as long as it takes, and meanwhile no call may fail or need a second try. */
  readonly isUnnoticed?: boolean;
  /** For how long events are published, where that is not as long as the fault goes on. */
  readonly loadMs?: number;
  /** Does it, for about so long, under load. */
  readonly fault: (posthorn: FaultedPosthorn, durationMs: number) => Promise<Struck>;
}

/** What one dispatcher has in hand at most: its partitions' prefetch. */
export const inFlight = 8 * 100;

/** Strikes at once, and then again every so often. `strike` may tell when what it took away was back. */
export async function strikes(
  durationMs: number,
  everyMs: number,
  strike: () => unknown,
): Promise<Required<Pick<Struck, 'strikes' | 'backAtMs'>>> {
  const backAtMs: number[] = [];
  let count = 0;
  for (const endMs = Date.now() + durationMs; Date.now() < endMs; await delay(everyMs)) {
    const back = await strike();
    if (typeof back === 'number') backAtMs.push(back);
    count++;
  }
  return { strikes: count, backAtMs };
}

/** One strike, a few seconds into the load: takes something away, and gives it back after `forMs`. */
export async function outage(
  forMs: number,
  { begin, end }: { readonly begin: () => unknown; readonly end: () => unknown },
): Promise<Struck> {
  await delay(2000);
  await begin();
  try {
    await delay(forMs);
  } finally {
    await end();
  }
  return { strikes: 1, backAtMs: [Date.now()] };
}
