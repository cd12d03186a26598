import { setTimeout as delay } from 'node:timers/promises';
import type { RunDocument } from '#libs/testing';
import type { Plan, Published } from '../generator/plan.js';
import { nowMs } from '../measure/clock.js';
import { cpuOf, type Groups, MemoryWatch } from '../measure/processes.js';
import { groupsOf, serviceProcesses, ServersProbe } from '../measure/servers.js';
import { type Measurement, timesOf } from '../measurement.js';
import type { Arrivals } from '../sink/arrivals.js';
import type { Child } from './child.js';

export interface Bench {
  readonly sink: Child;
  readonly generator: Child;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly say: (progress: string) => void;
}

interface Watched {
  readonly run: () => RunDocument;
  /** What works beside Posthorn, as the raw limit does. */
  readonly others: Groups;
  /** Around the part that is measured. */
  readonly whileMeasured?: { begin: () => Promise<void>; end: () => Promise<void> };
}

const pollMs = 250;
/** More waiting than this, in a queue or for its record, is not kept up with: then nothing is published for a while. */
const mostWaiting = 5000;
const settleDeadlineMs = 120_000;
/** Nothing has come for so long: nothing comes any more, but for what is tried again later. */
const quietMs = 15_000;

/** Publishes, measures after a warm-up, waits until all has come and is in the books, and counts. */
export async function runLoad(bench: Bench, plan: Plan, watched: Watched): Promise<Measurement> {
  const { sink, generator, say } = bench;
  const before = watched.run();
  const probe = await ServersProbe.open(before);
  const groups = {
    ...groupsOf(before),
    ...watched.others,
    sink: [sink.pid],
    generator: [generator.pid, process.pid],
  };
  await sink.call('expect', { run: plan.run, fanOut: plan.fanOut, payloadBytes: plan.payloadBytes });
  let received = 0;
  const onReceived = (count: number): void => {
    received = count;
    generator.tell('received', count);
  };
  sink.on('received', onReceived);
  const brake = brakeOf(plan, probe, generator, () => received);
  try {
    await generator.call('start', plan);
    await tellProgress(bench, 'warming up', { forMs: bench.warmUpMs, received: () => received });
    const measured = await measure(bench, { groups, probe, watched, received: () => received });
    say('waiting until all has come');
    const published = await generator.call<Published>('stop');
    // Some of what was refused may come all the same: then there is no number to wait for.
    const expected = published.refused > 0 ? Infinity : acknowledgedOf(published) * plan.fanOut;
    const booksBehindMs = await settled(probe, { received: () => received, expected });
    const arrivals = await sink.call<Arrivals>('collect');
    const restarted = isSame(before, watched.run()) ? [] : ['a service died and was started again'];
    return {
      ...summarised(plan, published, arrivals, measured),
      booksBehindMs,
      faults: faultsOf(published, restarted),
    };
  } finally {
    await brake.stop();
    sink.off('received', onReceived);
    await probe.close();
  }
}

interface Measuring {
  readonly groups: Groups;
  readonly probe: ServersProbe;
  readonly watched: Watched;
  readonly received: () => number;
}

function summarised(plan: Plan, published: Published, arrivals: Arrivals, measured: Measured) {
  const { arrived, ...times } = timesOf(plan, published, arrivals, measured.span);
  return {
    ...times,
    cpuSPer1000: Object.fromEntries(
      Object.entries(measured.cpuS).map(([name, cpuS]) => [name, (cpuS * 1000) / arrived]),
    ),
    ...measured.memory,
    walBytesPerDelivery: measured.walBytes / arrived,
    refused: published.refused,
    duplicated: arrivals.duplicated,
    unexpected: arrivals.unexpected,
  };
}

function faultsOf({ firstRefusal }: Published, others: readonly string[]): string[] {
  return firstRefusal === undefined ? [...others] : [...others, firstRefusal];
}

type Measured = Awaited<ReturnType<typeof measure>>;

async function measure(bench: Bench, { groups, probe, watched, received }: Measuring) {
  await watched.whileMeasured?.begin();
  const memory = new MemoryWatch(groups, serviceProcesses(watched.run()));
  const cpuBefore = cpuOf(groups);
  const walBefore = await probe.walBytes();
  const fromMs = nowMs();
  await tellProgress(bench, 'measuring', { forMs: bench.measuredMs, received });
  const toMs = nowMs();
  const cpuAfter = cpuOf(groups);
  const walBytes = (await probe.walBytes()) - walBefore;
  await watched.whileMeasured?.end();
  return {
    span: { fromMs, toMs },
    walBytes,
    memory: memory.stop(),
    cpuS: Object.fromEntries(
      Object.entries(cpuAfter).map(([name, cpuS]) => [name, cpuS - (cpuBefore[name] ?? 0)]),
    ),
  };
}

async function tellProgress(
  { say }: Bench,
  what: string,
  { forMs, received }: { forMs: number; received: () => number },
): Promise<void> {
  const endMs = nowMs() + forMs;
  for (let before = received(); nowMs() < endMs;) {
    await delay(Math.min(1000, Math.max(1, endMs - nowMs())));
    say(
      `${what}, ${Math.max(0, Math.ceil((endMs - nowMs()) / 1000))} s to go: ${received() - before} deliveries/s`,
    );
    before = received();
  }
}

/** What is sustained includes the books: who lags behind is waited for. A constant rate does not heed it. */
function brakeOf(
  plan: Plan,
  probe: ServersProbe,
  generator: Child,
  received: () => number,
): { stop: () => Promise<void> } {
  let isOn = true;
  const braking = (async () => {
    const unrecorded = await unrecordedOf(plan, probe, received);
    while (isOn) {
      const most = Math.max(await unrecorded(), ...Object.values(await probe.waiting()));
      generator.tell('pause', most > mostWaiting);
      await delay(pollMs);
    }
  })();
  braking.catch(() => undefined);
  return {
    stop: async () => {
      isOn = false;
      await braking;
    },
  };
}

/**
 * How many deliveries have come and are not in the books, from now on. The raw limit acknowledges only what it has
 * recorded, and has no more than a prefetch in hand.
 */
async function unrecordedOf(
  { door }: Plan,
  probe: ServersProbe,
  received: () => number,
): Promise<() => Promise<number>> {
  if (door === 'raw') return () => Promise.resolve(0);
  const recordedBefore = await probe.recorded();
  return async () => received() - (await probe.recorded()) + recordedBefore;
}

/** @returns how long it took until all had come and nothing waited. What never comes is counted as lost. */
async function settled(
  probe: ServersProbe,
  { received, expected }: { received: () => number; expected: number },
): Promise<number> {
  const startMs = nowMs();
  let last = { count: received(), atMs: startMs };
  while (nowMs() - startMs < settleDeadlineMs) {
    if (received() !== last.count) last = { count: received(), atMs: nowMs() };
    const hasCome = last.count >= expected || nowMs() - last.atMs > quietMs;
    if (hasCome && Object.keys(await probe.waiting()).length === 0) break;
    await delay(20);
  }
  const tookMs = nowMs() - startMs;
  // What comes twice comes soon after.
  await delay(pollMs);
  return tookMs;
}

function acknowledgedOf({ intendedMs, refused }: Published): number {
  return intendedMs.length - refused;
}

function isSame(before: RunDocument, after: RunDocument): boolean {
  return serviceProcesses(before).join() === serviceProcesses(after).join();
}
