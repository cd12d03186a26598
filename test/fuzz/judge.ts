import { isProblem, problemDocument } from '#libs/contracts';
import type { Call, Cost, Target } from './target.js';

/** Generous: a machine of half the speed has room. A search in quadratic time needs a hundred times as much. */
export const usualCost: Cost = { fixedMs: 20, msPerKiB: 0.15 };
const freeOutputBytes = 64 * 1024;
const outputPerByte = 2;
/** What else the machine does is no finding: the fastest of so many calls counts. */
const repeats = 5;

/** Calls the parser once. @returns what is wrong; undefined if nothing is. */
export async function judge(target: Target, input: unknown): Promise<string | undefined> {
  const { answer, usedMs, call, fault } = await measured(target, input);
  if (fault !== undefined) return fault;
  return (
    call.check?.(answer) ??
    tooLarge(answer, call) ??
    (await tooSlow(target, input, { usedMs, bytes: call.bytes }))
  );
}

interface Measured {
  readonly call: Call;
  readonly usedMs: number;
  readonly answer?: unknown;
  readonly fault?: string;
}

async function measured(target: Target, input: unknown): Promise<Measured> {
  const call = target.prepare(input);
  const before = process.cpuUsage();
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  try {
    const answer = await call.run();
    return { call, usedMs: usedMs(), answer };
  } catch (error) {
    const used = usedMs();
    const { documents = isProblem } = target;
    return documents(error)
      ? { call, usedMs: used, answer: error }
      : { call, usedMs: used, fault: `threw ${describe(error)}` };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 1000) : String(error);
}

function tooLarge(answer: unknown, { bytes }: Call): string | undefined {
  const size = sizeOf(answer);
  const limit = freeOutputBytes + outputPerByte * bytes;
  return size <= limit ? undefined : `answered ${size} bytes to ${bytes}, limit ${limit}`;
}

function sizeOf(answer: unknown): number {
  if (answer === undefined) return 0;
  return JSON.stringify(answer, shown)?.length ?? 0;
}

/** Problems as the API shows them. A payload is no part of an answer. */
function shown(this: unknown, name: string, value: unknown): unknown {
  const given = (this as Record<string, unknown>)[name];
  if (given instanceof Uint8Array) return undefined;
  return isProblem(given) ? problemDocument(given, 'fuzz') : value;
}

/** Repeats only what seems slow. */
async function tooSlow(
  target: Target,
  input: unknown,
  first: { readonly usedMs: number; readonly bytes: number },
): Promise<string | undefined> {
  const { fixedMs, msPerKiB } = target.cost ?? usualCost;
  const limitMs = fixedMs + (msPerKiB * first.bytes) / 1024;
  let fastestMs = first.usedMs;
  for (let repeat = 1; repeat < repeats && fastestMs > limitMs; repeat++)
    fastestMs = Math.min(fastestMs, (await measured(target, input)).usedMs);
  if (fastestMs <= limitMs) return undefined;
  return `used ${fastestMs.toFixed(0)} ms of processor for ${first.bytes} bytes, limit ${limitMs.toFixed(0)} ms`;
}
