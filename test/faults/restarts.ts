import { type ServiceEntry, until } from '#libs/testing';
import { isReady } from './balancer.js';
import type { FaultedPosthorn } from './faulted-posthorn.js';

const services = ['gateway', 'dispatcher', 'ledger', 'router', 'registry', 'alerts'] as const;
const restartDeadlineMs = 60_000;

/** `POSTHORN_SCALE` for so many of each. */
export function scaleOf(processes: number): string {
  return services.map((name) => `${name}=${processes}`).join(',');
}

/** All processes: the first of each service, beginning with the gateway, then the second of each. */
export function processesInTurn({ whole }: FaultedPosthorn): ServiceEntry[] {
  const all = services.map((service) => whole.run.services.filter(({ name }) => name === service));
  const most = Math.max(...all.map(({ length }) => length));
  return Array.from({ length: most }, (_, index) => all.flatMap((some) => some[index] ?? [])).flat();
}

/**
 * Tells a process to stop, as whoever rolls out a new version does, and waits until it is there again.
 * @throws if it did not stop as it should.
 */
export async function restart(posthorn: FaultedPosthorn, { name, metricsUrl }: ServiceEntry): Promise<void> {
  const pidNow = (): number | undefined =>
    posthorn.whole.run.services.find((entry) => entry.metricsUrl === metricsUrl)?.pid;
  const pid = pidNow() ?? 0;
  process.kill(pid, 'SIGTERM');
  const isBack = async (): Promise<boolean> => pidNow() !== pid && isReady(new URL(metricsUrl).origin);
  await until(`${name} to be ready again`, isBack, restartDeadlineMs);
  await posthorn.untilBalanced();
  mustHaveStoppedWell(posthorn);
}

function mustHaveStoppedWell(posthorn: FaultedPosthorn): void {
  const ends = posthorn.linesOf('supervisor').filter((line) => / ended \((?!exit code 0\))/.test(line));
  const cutOff = services
    .flatMap((name) => posthorn.linesOf(name))
    .filter((line) => line.includes('"unfinished"'));
  const bad = [...ends, ...cutOff];
  if (bad.length > 0) throw new Error(`did not stop as it should:\n${bad.join('\n')}`);
}
