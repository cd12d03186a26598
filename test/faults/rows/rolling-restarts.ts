import type { FaultedPosthorn } from '../faulted-posthorn.js';
import { goBack, install, saidBy } from '../next-version.js';
import { processesInTurn, restart } from '../restarts.js';
import type { Row, Struck } from './row.js';

/**
 * A process that starts takes a processor for two seconds. On two of them, with two processes of each service, the load
 * of the other rows leaves no room for that: everything comes late then, whatever is restarted.
 */
const perSecond = 80;
/** For a change, which may meet a machine of half the usual speed: there 80 events/s leave no room either. */
const fewPerSecond = 40;

/** No publisher, no receiver and no person may notice a restart of a part of which there is another one. */
const unnoticed = {
  stage: 'scaled',
  duplicatesPerStrike: 0,
  /** A process that starts takes the processor from those at work. */
  outageMs: 3000,
  isUnnoticed: true,
  churns: true,
  perSecond,
} as const;
const pullRequestMs = 12_000;
const wholeRounds = 20;

export const rollingRestarts: readonly Row[] = [
  {
    ...unnoticed,
    perSecond: fewPerSecond,
    name: 'rolling-restarts',
    what: `one process after the other is restarted, at ${fewPerSecond} events/s`,
    inPullRequests: true,
    fault: (posthorn) => roll(posthorn, { rounds: 1, untilMs: Date.now() + pullRequestMs }),
  },
  {
    ...unnoticed,
    name: 'rolling-restarts-20',
    what: `every process is restarted ${wholeRounds} times, one after the other, at ${perSecond} events/s`,
    fault: (posthorn) => roll(posthorn, { rounds: wholeRounds, untilMs: Infinity }),
  },
  {
    ...unnoticed,
    name: 'rolling-upgrade',
    what: `one process after the other is restarted as a next version, which adds fields to every message, and then back, at ${perSecond} events/s`,
    stage: 'upgradable',
    fault: upgradeAndBack,
  },
];

/** Both versions side by side, each with the messages of the other in its queues. */
async function upgradeAndBack(posthorn: FaultedPosthorn): Promise<Struck> {
  install(posthorn.root);
  const upgraded = await roll(posthorn, { rounds: 1, untilMs: Infinity });
  const names = [...new Set(posthorn.whole.run.services.map(({ name }) => name))];
  const unchanged = names.filter((name) => !saidBy(posthorn.linesOf(name)));
  goBack(posthorn.root);
  const back = await roll(posthorn, { rounds: 1, untilMs: Infinity });
  return {
    strikes: upgraded.strikes + back.strikes,
    faults: unchanged.map((name) => `no ${name} ran as the next version`),
  };
}

/** Restarts the first process of each service, then the second of each: the next one when the last is ready again. */
async function roll(
  posthorn: FaultedPosthorn,
  { rounds, untilMs }: { rounds: number; untilMs: number },
): Promise<Struck> {
  let strikes = 0;
  for (let round = 0; round < rounds; round++) {
    for (const process of processesInTurn(posthorn)) {
      await restart(posthorn, process);
      strikes++;
      if (Date.now() > untilMs) return { strikes };
    }
  }
  return { strikes };
}
