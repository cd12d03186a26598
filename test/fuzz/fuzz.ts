import fc from 'fast-check';
import { judge } from './judge.js';
import type { Target } from './target.js';

/** So long a target has at a time; then it is the next one's turn. */
const turnMs = 400;
const runsPerTurn = 10_000;
const shrinkMs = 20_000;

export interface Finding {
  readonly target: string;
  readonly fault: string;
  /** The smallest input that was found, as `prepare` takes it. */
  readonly input: string;
  readonly seed: number;
  readonly path: string;
}

export interface Turn {
  readonly runs: number;
  readonly finding?: Finding;
}

export interface Start {
  readonly seed: number;
  /** Where in the run of this seed to begin: of a finding. */
  readonly path?: string;
}

/** Lets one target take inputs for a while. What it does not stand is made as small as there is time for. */
export async function fuzz(target: Target, start: Start): Promise<Turn> {
  const details = await check(target, start, start.path === undefined ? turnMs : shrinkMs);
  const { counterexamplePath: path } = details;
  if (!details.failed || path === null) return { runs: details.numRuns };
  const smaller = details.interrupted ? await check(target, { seed: start.seed, path }, shrinkMs) : details;
  return { runs: details.numRuns, finding: findingOf(target, smaller.failed ? smaller : details) };
}

function findingOf({ name }: Target, details: fc.RunDetails<[unknown]>): Finding {
  const { counterexample, errorInstance, counterexamplePath, seed } = details;
  return {
    target: name,
    fault: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    input: JSON.stringify(counterexample?.[0]),
    seed,
    path: counterexamplePath ?? '',
  };
}

class FaultError extends Error {
  override readonly name = 'FaultError';
}

function check(target: Target, { seed, path }: Start, forMs: number) {
  const property = fc.asyncProperty(target.input, async (input) => {
    const fault = await judge(target, input);
    if (fault !== undefined) throw new FaultError(fault);
  });
  return fc.check(property, {
    seed,
    ...(path !== undefined && { path }),
    numRuns: path === undefined ? runsPerTurn : 1,
    interruptAfterTimeLimit: forMs,
    markInterruptAsFailure: false,
  });
}
