/** The part of a V8 CPU profile that is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** What took longer until it was sampled was not running: other processes had the machine. */
const longestSampleUs = 3000;

export interface Hot {
  readonly name: string;
  /** Of the time that the process was not idle. */
  readonly share: number;
}

/** Where the time itself goes, what a function calls not included; several places of one function count together. */
export function hottest({ nodes, samples, timeDeltas }: CpuProfile, count: number): Hot[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '(unknown)';
    times.set(name, (times.get(name) ?? 0) + Math.min(timeDeltas[index] ?? 0, longestSampleUs));
  }
  times.delete('(idle)');
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, time]) => ({ name, share: time / total }));
}

/** With the package or the file that it is in. */
function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const place = url.split('/node_modules/').at(-1)?.split('/dist/').at(-1) ?? url;
  return `${functionName || '(anonymous)'} ${place.replace(/^node:/, 'node:')}:${lineNumber + 1}`;
}
