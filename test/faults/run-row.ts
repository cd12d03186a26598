import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AmqpDoor } from './amqp-door.js';
import { audit, type Evidence, type Verdict } from './audit.js';
import { quiet, readBooks } from './books.js';
import { sweepAfterMs, timetable } from './faulted-posthorn.js';
import { churn, type Churned } from './churn.js';
import { countFullSeconds } from './full-seconds.js';
import type { Intent } from './journal.js';
import { Load } from './load.js';
import { contradictions, readCounted } from './metrics-against-books.js';
import { randomFrom } from './random.js';
import { slowestRecoveryMs } from './recovery.js';
import { prepare, register, type Scene, tenantsOf } from './scene.js';
import { inFlight, type Row, type Struck } from './rows/row.js';
import { type Destination, planEndpoints } from './world.js';

export interface RunOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly perSecond: number;
  readonly tenants: number;
  readonly quietDeadlineMs: number;
}

export interface RowResult {
  readonly row: Row;
  readonly strikes: number;
  /** What the sweeper sent again. */
  readonly repairs: number;
  /** From when what was away was back until something went through; undefined if nothing was away. */
  readonly recoveryMs: number | undefined;
  readonly verdict: Verdict;
  readonly tookMs: number;
  /** Seconds of it in which the machine had nothing left. */
  readonly fullS: number;
  /** Why it counts as failed; empty if it passed. */
  readonly faults: readonly string[];
}

/** More than the sweeper takes to look once. */
const sweepMs = 5000;
const settleDeadlineMs = 60_000;
const lookAgainMs = 1000;
const recoveryLimitMs = 10_000;

export async function runRow(scene: Scene, row: Row, options: RunOptions): Promise<RowResult> {
  const { result, fullS } = await countFullSeconds(() => run(scene, row, options));
  return { ...result, fullS };
}

/** Load, the fault in the middle of it, quiet, and the comparison. */
async function run(scene: Scene, row: Row, options: RunOptions): Promise<Omit<RowResult, 'fullS'>> {
  const startedAt = Date.now();
  const { posthorn, endpoints } = scene;
  const prefix = `${row.name.replaceAll('.', '-')}-${startedAt.toString(36)}-`;
  const destinations = await prepare(scene, planEndpoints(prefix, options.tenants));
  endpoints.sightings = [];
  const repairsBefore = posthorn.repairs;
  const before = await readCounted(posthorn.whole);
  const { struck, intents, churned } = await strike(scene, row, { ...options, destinations });
  const all = [...destinations, ...churned.destinations];
  const tenantIds = tenantsOf(all);
  // An event that was lost before it was routed has no delivery yet that could be waited for.
  if (row.onlyRecorded) await delay(sweepAfterMs + sweepMs);
  const { evidence, verdict } = await judge(options.quietDeadlineMs, async (timeoutMs) => {
    await quiet(posthorn.whole, tenantIds, { timeoutMs }).catch(() => undefined);
    return {
      intents,
      sightings: endpoints.sightings,
      destinations: all,
      books: await readBooks(posthorn.whole, tenantIds),
      timetable,
      slackMs: 2000 + row.outageMs,
      overAtMs: struck.overAtMs ?? 0,
      replayed: struck.replayed,
      onlyRecorded: row.onlyRecorded ?? false,
    };
  });
  const result = {
    row,
    strikes: struck.strikes,
    repairs: posthorn.repairs - repairsBefore,
    recoveryMs: slowestRecoveryMs(struck.backAtMs ?? [], evidence),
    verdict,
  };
  const faults = [
    ...(struck.faults ?? []),
    ...faultsOf(result),
    ...(row.isUnnoticed ? noticed(verdict, churned) : []),
    ...contradictions({
      ...evidence,
      before,
      after: await readCounted(posthorn.whole),
      inFlight: inFlightOf(row, struck, intents),
    }),
  ];
  if (faults.length > 0) keep(row, evidence, verdict);
  return { ...result, tookMs: Date.now() - startedAt, faults };
}

/** What is missing may still come until the deadline: a router that was away has events to route, of which no delivery tells. */
async function judge(
  deadlineMs: number,
  read: (timeoutMs: number) => Promise<Evidence>,
): Promise<{ evidence: Evidence; verdict: Verdict }> {
  const overAtMs = Date.now() + deadlineMs;
  for (;;) {
    const leftMs = Math.max(overAtMs - Date.now(), 0);
    const evidence = await read(leftMs);
    const verdict = audit(evidence);
    if (verdict.lost.length === 0 || leftMs === 0) return { evidence, verdict };
    await delay(lookAgainMs);
  }
}

/** Without an outage nothing is counted twice. What the broker has lost is counted, and in no book. */
function inFlightOf(
  { outageMs, onlyRecorded }: Row,
  { strikes }: Struck,
  intents: readonly Intent[],
): number {
  if (onlyRecorded) return Infinity;
  const again = intents.reduce((sum, { tries }) => sum + tries - 1, 0);
  return (outageMs > 0 ? strikes * inFlight : 0) + again;
}

/** The load and the fault, side by side, until everything that was published is acknowledged. */
async function strike(
  scene: Scene,
  row: Row,
  { destinations, seed, durationMs, ...options }: RunOptions & { destinations: readonly Destination[] },
): Promise<{ struck: Struck; intents: Intent[]; churned: Churned }> {
  const { whole } = scene.posthorn;
  const tenantIds = tenantsOf(destinations);
  const amqp = new AmqpDoor(() => scene.posthorn.publisherUrl());
  const perSecond = row.perSecond ?? options.perSecond;
  const load = new Load({ posthorn: whole, amqp, tenantIds, random: randomFrom(seed), perSecond });
  try {
    await amqp.connected;
    const over = new AbortController();
    const end = row.isUnnoticed ? over.signal : AbortSignal.timeout(row.loadMs ?? durationMs);
    const [struck, churned] = await Promise.all([
      row.fault(scene.posthorn, durationMs, tenantIds).finally(() => over.abort()),
      row.churns
        ? churn({ tenantIds, load, register: (endpoint) => register(scene, endpoint) }, end)
        : { destinations: [], failures: 0 },
      load.run(end),
    ]);
    await load.settled(settleDeadlineMs);
    return { struck, intents: load.intents, churned };
  } finally {
    amqp.stop();
  }
}

function faultsOf({
  row,
  strikes,
  repairs,
  recoveryMs = 0,
  verdict,
}: Omit<RowResult, 'tookMs' | 'fullS' | 'faults'>): string[] {
  const bound = row.duplicatesPerStrike * strikes;
  const counted = {
    lost: verdict.lost.length,
    unexpected: verdict.unexpected.length,
    unrecorded: verdict.unrecorded.length,
    mistimed: verdict.mistimed.length,
    'wrong answers': verdict.wrongAnswers.length,
  };
  return [
    ...(strikes === 0 ? ['the fault did not strike'] : []),
    ...(repairs > 0 && !row.mayNeedRepair ? [`the sweeper had to send ${repairs} again`] : []),
    ...(recoveryMs > recoveryLimitMs ? [`nothing went through for ${recoveryMs} ms after it was back`] : []),
    ...(verdict.published === 0 ? ['nothing was published'] : []),
    ...Object.entries(counted).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : [])),
    ...(verdict.duplicated.length > bound
      ? [`${verdict.duplicated.length} duplicated, ${bound} allowed`]
      : []),
  ];
}

/** What nobody should have seen. */
function noticed({ recovered }: Verdict, { failures }: Churned): string[] {
  return [
    ...(recovered > 0 ? [`${recovered} publishes had to be repeated`] : []),
    ...(failures > 0 ? [`${failures} destinations could not be registered`] : []),
  ];
}

/** For whoever has to find out why. */
function keep(row: Row, { intents, sightings, ...rest }: Evidence, verdict: Verdict): void {
  const directory = join('.posthorn', 'test', 'faults', 'journals');
  mkdirSync(directory, { recursive: true });
  const lines = (items: readonly object[]): string =>
    items.map((item) => `${JSON.stringify(item)}\n`).join('');
  writeFileSync(join(directory, `${row.name}.intents.jsonl`), lines(intents));
  writeFileSync(join(directory, `${row.name}.sightings.jsonl`), lines(sightings));
  writeFileSync(join(directory, `${row.name}.verdict.json`), JSON.stringify({ verdict, ...rest }, null, 2));
}
