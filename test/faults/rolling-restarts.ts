import type { FaultedPosthorn } from './faulted-posthorn.js';

/** No publisher, no receiver and no person may notice a restart of a part of which there is another one. */
const unnoticed = {
  processes: 2,
  duplicatesPerStrike: 0,
  /** A process that starts takes the processor from those at work. */
  outageMs: 3000,
  isUnnoticed: true,
  churns: true,
};
const pullRequestMs = 12_000;
const wholeRounds = 20;

export const rollingRestarts = [
  {
    ...unnoticed,
    name: 'rolling-restarts',
    what: 'one process after the other is restarted',
    inPullRequests: true,
    fault: (posthorn: FaultedPosthorn) => roll(posthorn, { rounds: 1, untilMs: Date.now() + pullRequestMs }),
  },
  {
    ...unnoticed,
    name: 'rolling-restarts-20',
    what: `every process is restarted ${wholeRounds} times, one after the other`,
    inPullRequests: false,
    fault: (posthorn: FaultedPosthorn) => roll(posthorn, { rounds: wholeRounds, untilMs: Infinity }),
  },
];

/**
 * Restarts the first process of each service, then the second of each: the next one when the last is ready again.
 * @returns how many it restarted.
 */
async function roll(
  posthorn: FaultedPosthorn,
  { rounds, untilMs }: { rounds: number; untilMs: number },
): Promise<number> {
  let restarts = 0;
  for (let round = 0; round < rounds; round++) {
    for (const process of posthorn.processesInTurn()) {
      await posthorn.restart(process);
      restarts++;
      if (Date.now() > untilMs) return restarts;
    }
  }
  return restarts;
}
