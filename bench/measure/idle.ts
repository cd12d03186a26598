import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunDocument } from '#libs/testing';
import { cpuOf, MemoryWatch } from './processes.js';
import { groupsOf } from './servers.js';

const settleMs = 5000;

/** What Posthorn needs while it has nothing to do. */
export interface Idle {
  /** Of one processor. */
  readonly cpuPercent: Readonly<Record<string, number>>;
  readonly residentMiB: Readonly<Record<string, number>>;
  /** What the services share, such as the program that runs them, counts once here, and for each of them above. */
  readonly servicesMiB: number;
}

export async function measureIdle(run: RunDocument, forMs: number): Promise<Idle> {
  await delay(settleMs);
  const groups = groupsOf(run);
  const before = cpuOf(groups);
  await delay(forMs);
  const after = cpuOf(groups);
  const cpuPercent = Object.entries(after).map(([name, cpuS]): [string, number] => [
    name,
    ((cpuS - (before[name] ?? 0)) * 100_000) / forMs,
  ]);
  return {
    cpuPercent: Object.fromEntries(cpuPercent),
    residentMiB: new MemoryWatch(groups).stop(),
    servicesMiB: servicesMiB(run),
  };
}

/** Of all services, what they share counted once. */
export function servicesMiB({ services }: RunDocument): number {
  return services.reduce((sum, { pid }) => sum + proportionalMiB(pid), 0);
}

/** proc(5): a page that several processes have counts for each of them in part. */
function proportionalMiB(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? NaN) / 1024;
}
