import { readdirSync, readFileSync } from 'node:fs';

/** Names with the processes that count as theirs, each with its children. */
export type Groups = Readonly<Record<string, readonly number[]>>;

export interface Memory {
  readonly peakMiB: Readonly<Record<string, number>>;
  /** Of all services at one time. What they share, such as the program that runs them, counts once here, and for each of them above. */
  readonly servicesMiB: number;
}

/** What the system tells of one process. */
interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly cpuS: number;
}

const ticksPerS = 100;
const sampleMs = 1000;

/** Seconds of CPU that each group has used since its processes began, children that have ended included. */
export function cpuOf(groups: Groups): Record<string, number> {
  const children = Map.groupBy(allProcesses(), ({ parent }) => parent);
  const all = new Map([...children.values()].flat().map((entry) => [entry.pid, entry]));
  const treeS = (pid: number): number =>
    (all.get(pid)?.cpuS ?? 0) + (children.get(pid) ?? []).reduce((sum, child) => sum + treeS(child.pid), 0);
  // The driver is everybody's parent here.
  const ofGroup = (pids: readonly number[]): number =>
    pids.reduce((sum, pid) => sum + (pid === process.pid ? (all.get(pid)?.cpuS ?? 0) : treeS(pid)), 0);
  return Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, ofGroup(pids)]));
}

/** Notes how much memory each group has at most, and all services at one time, until it is stopped. */
export class MemoryWatch {
  readonly #peaks: Record<string, number> = {};
  #servicesMiB = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly groups: Groups,
    private readonly services: readonly number[],
  ) {
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), sampleMs);
  }

  stop(): Memory {
    clearInterval(this.#timer);
    this.#sample();
    return { peakMiB: this.#peaks, servicesMiB: this.#servicesMiB };
  }

  #sample(): void {
    const children = Map.groupBy(allProcesses(), ({ parent }) => parent);
    const treeOf = (pid: number): number[] => [
      pid,
      ...(children.get(pid) ?? []).flatMap((child) => treeOf(child.pid)),
    ];
    for (const [name, pids] of Object.entries(this.groups)) {
      const residentMiB = residentOf(pids.flatMap((pid) => (pid === process.pid ? [pid] : treeOf(pid))));
      this.#peaks[name] = Math.max(this.#peaks[name] ?? 0, residentMiB);
    }
    this.#servicesMiB = Math.max(this.#servicesMiB, togetherMiB(this.services));
  }
}

/** Of several processes, what they share counted once. */
export function togetherMiB(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + proportionalMiB(pid), 0);
}

/** proc(5): a page that several processes have counts for each of them in part. 0 for what has ended. */
function proportionalMiB(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
}

/** What processes share, as those of Postgres do, is counted once. */
function residentOf(pids: readonly number[]): number {
  let ownKiB = 0;
  let sharedKiB = 0;
  for (const pid of pids) {
    const status = textOf(`/proc/${pid}/status`);
    const kiB = (field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    ownKiB += kiB('RssAnon') + kiB('RssFile');
    sharedKiB = Math.max(sharedKiB, kiB('RssShmem'));
  }
  return (ownKiB + sharedKiB) / 1024;
}

function allProcesses(): Entry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => entryOf(Number(name)))
    .filter((entry) => entry !== undefined);
}

/** proc(5): after the name in brackets come state, parent, and as 12th to 15th the four times. */
function entryOf(pid: number): Entry | undefined {
  const fields = textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ');
  if (fields === undefined || fields.length < 15) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), cpuS: ticks / ticksPerS };
}

/** Empty for what has ended in the meantime. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
