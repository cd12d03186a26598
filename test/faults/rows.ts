import { setTimeout as delay } from 'node:timers/promises';
import type { FaultedPosthorn } from './faulted-posthorn.js';
import { rollingRestarts } from './rolling-restarts.js';

/** One line of the matrix. */
export interface Row {
  readonly name: string;
  /** For people: what is done to the system. */
  readonly what: string;
  readonly inPullRequests: boolean;
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
  /** Of each service; one if not given. */
  readonly processes?: number;
  /** It lasts as long as it takes, and meanwhile no call may fail or need a second try. */
  readonly isUnnoticed?: boolean;
  /** Does it, for about so long, under load. @returns how often it struck. */
  readonly fault: (posthorn: FaultedPosthorn, durationMs: number) => Promise<number>;
}

/** What one dispatcher has in hand at most: its partitions' prefetch. */
const inFlight = 8 * 50;
const restartMs = 10_000;
const lifeMs = 3500;

export const rows: readonly Row[] = [
  {
    name: 'no-fault',
    what: 'nothing',
    inPullRequests: true,
    duplicatesPerStrike: 0,
    outageMs: 0,
    fault: async (_posthorn, durationMs) => {
      await delay(durationMs);
      return 1;
    },
  },
  killed('gateway.read', 'a request is read and not published yet'),
  killed('gateway.unconfirmed', 'an event is published and not confirmed yet'),
  killed('gateway.confirmed', 'an event is confirmed and not answered yet'),
  killed('gateway.taken', 'a message is taken from the broker door and not republished'),
  killed('gateway.republished', 'a message of the broker door is republished and not acked'),
  killed('router.received', 'events are received and nothing is done'),
  killed('router.claimed', 'the inbox is committed and nothing is published'),
  killed('router.between-publishes', 'k of n deliveries are published'),
  killed('router.after-publish', 'all deliveries are published and nothing is acked'),
  killed('dispatcher.taken', 'a delivery is taken and nothing is connected', inFlight),
  killed('dispatcher.sent', 'a request is sent and no answer is read', inFlight),
  killed('dispatcher.answered', 'an answer is read and not reported', inFlight),
  killed('dispatcher.reported', 'an attempt is reported and not acked', inFlight),
  killed('ledger.read', 'a batch is read and not committed'),
  killed('ledger.committed', 'a batch is committed and not acked'),
  killed('ledger.claimed-due', 'due deliveries are claimed and not published'),
  killed('ledger.published-due', 'due deliveries are published and not marked'),
  { ...killed('registry.committed', 'a change is committed and not announced'), churns: true },
  { ...killed('registry.relayed', 'a change is announced and not marked as such'), churns: true },
  {
    name: 'all-services',
    what: 'every service is killed at once',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: restartMs,
    fault: (posthorn, durationMs) => strikes(durationMs, 5000, () => posthorn.killServices()),
  },
  {
    name: 'broker-killed',
    what: 'RabbitMQ is killed and started again',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    fault: (posthorn, durationMs) => strikes(durationMs, 15_000, () => posthorn.whole.killBroker()),
  },
  {
    name: 'broker-frozen',
    what: 'RabbitMQ stands still for 12 s',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: 25_000,
    fault: async (posthorn) => {
      await delay(3000);
      posthorn.whole.freezeBroker();
      await delay(12_000);
      posthorn.whole.thawBroker();
      return 1;
    },
  },
  {
    name: 'queues-deleted',
    what: 'every queue is deleted, with all that is in it',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    onlyRecorded: true,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) => strikes(durationMs, 10_000, () => posthorn.deleteQueues()),
  },
  {
    name: 'postgres-killed',
    what: 'Postgres is killed and started again',
    inPullRequests: true,
    duplicatesPerStrike: 0,
    outageMs: 15_000,
    fault: (posthorn, durationMs) => strikes(durationMs, 10_000, () => posthorn.whole.killDatabase()),
  },
  {
    name: 'postgres-frozen',
    what: 'Postgres stands still for 60 s',
    inPullRequests: false,
    duplicatesPerStrike: 0,
    outageMs: 90_000,
    fault: async (posthorn) => {
      await delay(2000);
      posthorn.whole.freezeDatabase();
      await delay(60_000);
      posthorn.whole.thawDatabase();
      return 1;
    },
  },
  ...rollingRestarts,
];

/** The service kills itself at that point, again each time it has lived for a few seconds. */
function killed(point: string, what: string, duplicatesPerStrike = 0): Row {
  return {
    name: point,
    what: `${point.split('.')[0]} is killed when ${what}`,
    inPullRequests: true,
    duplicatesPerStrike,
    outageMs: restartMs,
    fault: async (posthorn, durationMs) => {
      const before = posthorn.strikesAt(point);
      posthorn.arm(`${point}:kill:${lifeMs}ms`);
      await delay(durationMs);
      posthorn.arm('');
      return posthorn.strikesAt(point) - before;
    },
  };
}

/** Strikes at once, and then again every so often. */
async function strikes(
  durationMs: number,
  everyMs: number,
  strike: () => void | Promise<void>,
): Promise<number> {
  let count = 0;
  for (const endMs = Date.now() + durationMs; Date.now() < endMs; await delay(everyMs)) {
    await strike();
    count++;
  }
  return count;
}
