import { setTimeout as delay } from 'node:timers/promises';
import type { RunDocument } from '#libs/testing';
import { cpuOf, type Memory, MemoryWatch } from './processes.js';
import { groupsOf, serviceProcesses } from './servers.js';

/** What has just started collects and compiles for a while. */
const settleMs = 20_000;

/** What Posthorn needs while it has nothing to do. */
export interface Idle extends Memory {
  /** Of one processor. */
  readonly cpuPercent: Readonly<Record<string, number>>;
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
    ...new MemoryWatch(groups, serviceProcesses(run)).stop(),
  };
}
