import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultedPosthorn } from './faulted-posthorn.js';
import type { Trial, TrialResult } from './trials/trial.js';

const settleMs = 60_000;
const allowedGrowth = 1.1;
/** What counts as noise whatever it is a tenth of. */
const noise = { memory: 20, descriptors: 10, connections: 5, messages: 10 };

/** In MiB of all services together, file descriptors of all of them, connections to Postgres, messages in queues. */
export type Resources = Readonly<Record<keyof typeof noise, number>>;

/** I9, over all rows of a stage. */
export const resources: Omit<Trial, 'run'> = {
  name: 'resources',
  what: 'what all services hold a minute after the last fault, and after the first row, which had none',
};

export async function sampleResources({ whole, broker, database }: FaultedPosthorn): Promise<Resources> {
  const pids = whole.run.services.map(({ pid }) => pid);
  return {
    memory: Math.round(pids.reduce((sum, pid) => sum + residentKiB(pid), 0) / 1024),
    descriptors: pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0),
    connections: await database.connections(),
    messages: await broker.depth(),
  };
}

export async function compareResources(posthorn: FaultedPosthorn, before: Resources): Promise<TrialResult> {
  await delay(settleMs);
  const after = await sampleResources(posthorn);
  const names = Object.keys(noise) as (keyof Resources)[];
  const figures = names.map((name) => `${name} ${before[name]} → ${after[name]}`).join(', ');
  return {
    figures: `${figures} (memory in MiB)`,
    faults: names
      .filter((name) => after[name] > before[name] * allowedGrowth + noise[name])
      .map((name) => `${name} grew from ${before[name]} to ${after[name]}`),
  };
}

function residentKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}
