import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookMs = 10_000;
/** Of the time: one who does less than this is at rest, and may pause. */
const atRest = 0.05;
/** More than young objects have room for: what a few events leave behind is not worth a pause. */
const worthBytes = 48 * 1024 * 1024;

/**
 * Gives back memory that was needed once and is not needed now: at once, what loading the program took, a third of what
 * a process at rest has, and later, what a burst has left behind, when there is little to do. V8 collects when it is
 * short of room, so a process that has nothing to do keeps for ever what it has had. A collection takes 0.1 to 0.2 s.
 * @returns what looks whether there is anything to give back; it keeps no process alive.
 */
export function giveBackMemory(everyMs: number = lookMs): NodeJS.Timeout {
  const collect = exposedCollect();
  const collected = (): number => {
    collect({ type: 'major', flavor: 'last-resort' });
    return heldBytes();
  };
  let keptBytes = collected();
  let before = performance.eventLoopUtilization();
  return setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization < atRest && heldBytes() > keptBytes + worthBytes) keptBytes = collected();
  }, everyMs).unref();
}

/** Without a flag on the command line of every service. */
function exposedCollect(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as NodeJS.GCFunction;
}

function heldBytes(): number {
  return getHeapStatistics().total_heap_size;
}
