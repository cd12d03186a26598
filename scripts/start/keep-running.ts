import { setTimeout as sleep } from 'node:timers/promises';
import { BackOff } from './back-off.js';

/** Something that can end by itself. */
export interface Mortal {
  /** Settles with the reason of its end. */
  readonly gone: Promise<string>;
}

export interface Keeping<Thing extends Mortal> {
  readonly name: string;
  readonly start: () => Promise<Thing>;
  /** Hears of every start, the first and the later ones. */
  readonly onStarted: (thing: Thing) => void;
  /** Must hold before the first start counts as one. */
  readonly untilReady?: (thing: Thing) => Promise<void>;
  readonly say: (line: string) => void;
  /** Ends the keeping, not the thing. */
  readonly signal: AbortSignal;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Starts a thing, and from then on starts it again whenever it ends.
 * @throws what the first start throws: a thing that has never run is not kept.
 */
export async function keepRunning<Thing extends Mortal>(keeping: Keeping<Thing>): Promise<Thing> {
  const thing = await startOnce(keeping);
  await keeping.untilReady?.(thing);
  void keepAlive(keeping, thing);
  return thing;
}

async function keepAlive<Thing extends Mortal>(keeping: Keeping<Thing>, first: Thing): Promise<void> {
  const { name, say, signal, pause = sleepUnless } = keeping;
  const backOff = new BackOff();
  let thing: Mortal = first;
  let bornAt = Date.now();
  while (true) {
    const reason = await thing.gone;
    if (signal.aborted) return;
    const delayMs = backOff.delayMs(Date.now() - bornAt);
    say(`${name} ended (${reason}); starting it again ${delayMs === 0 ? 'now' : `in ${delayMs / 1000} s`}`);
    await pause(delayMs, signal);
    if (signal.aborted) return;
    bornAt = Date.now();
    thing = await startOnce(keeping).catch(failed);
  }
}

async function startOnce<Thing extends Mortal>({ start, onStarted }: Keeping<Thing>): Promise<Thing> {
  const thing = await start();
  onStarted(thing);
  return thing;
}

function sleepUnless(ms: number, signal: AbortSignal): Promise<unknown> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** A start that fails is a life that was short. The first line is the reason, the others are details. */
function failed(reason: unknown): Mortal {
  const message = reason instanceof Error ? reason.message : String(reason);
  return { gone: Promise.resolve(message.split('\n')[0] ?? message) };
}
