import { setTimeout as delay } from 'node:timers/promises';
import type { FaultedPosthorn } from '../faulted-posthorn.js';

/** What a fault did. */
export interface Struck {
  /** How often. */
  readonly strikes: number;
  /** When what was taken away was there again, each time, in milliseconds since 1970. */
  readonly backAtMs?: readonly number[];
  /** When the fault was over, where it takes something away. */
  readonly overAtMs?: number;
  /** The ids of deliveries that were delivered, and have to be delivered once more. */
  readonly replayed?: ReadonlySet<string>;
  /** What the row itself saw to be wrong. */
  readonly faults?: readonly string[];
}

/** One line of the matrix. */
export interface Row {
  readonly name: string;
  /** For people: what is done to the system. */
  readonly what: string;
  /**
   * Where it runs: as `npm start` has it, with two processes of each service, with a bad network before the broker, on a
   * cluster of three brokers, with a small disk for Postgres, or with two processes of each from a build that can change.
   */
  readonly stage?: 'own' | 'scaled' | 'proxied' | 'cluster' | 'small-disk' | 'upgradable';
  readonly inPullRequests?: boolean;
  /** It reaches into the containers of the servers. */
  readonly needsDocker?: boolean;
  /** How many webhooks may come twice for each time the fault strikes (I4). */
  readonly duplicatesPerStrike: number;
  /** How long a strike may hold up what it hits; what is planned before the fault is over, so long after that. */
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
  /** How many events are published each second, where it is not as many as in other rows. */
  readonly perSecond?: number;
  /** Does it, for about so long, under load. */
  readonly fault: (
    posthorn: FaultedPosthorn,
    durationMs: number,
    tenantIds: readonly string[],
  ) => Promise<Struck>;
}

/** What one dispatcher has in hand at most: its partitions' prefetch. */
export const inFlight = 8 * 100;

/** Strikes at once, and then again every so often. `strike` may tell when what it took away was back. */
export async function strikes(
  durationMs: number,
  everyMs: number,
  strike: () => unknown,
): Promise<Required<Omit<Struck, 'faults' | 'replayed'>>> {
  const backAtMs: number[] = [];
  let count = 0;
  for (
    const endMs = Date.now() + durationMs;
    Date.now() < endMs;
    await delay(Math.max(0, Math.min(everyMs, endMs - Date.now())))
  ) {
    const back = await strike();
    if (typeof back === 'number') backAtMs.push(back);
    count++;
  }
  return { strikes: count, backAtMs, overAtMs: Date.now() };
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
  const overAtMs = Date.now();
  return { strikes: 1, backAtMs: [overAtMs], overAtMs };
}
