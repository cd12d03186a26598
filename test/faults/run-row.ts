import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AmqpDoor } from './amqp-door.js';
import { audit, type Evidence, type Verdict } from './audit.js';
import { quiet, readBooks } from './books.js';
import type { Endpoints } from './endpoints.js';
import { type FaultedPosthorn, timetable } from './faulted-posthorn.js';
import { churn, type Churned } from './churn.js';
import type { Intent } from './journal.js';
import { Load } from './load.js';
import { randomFrom } from './random.js';
import type { Row } from './rows.js';
import { type Destination, type Endpoint, planEndpoints } from './world.js';

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
  readonly verdict: Verdict;
  readonly tookMs: number;
  /** Why it counts as failed; empty if it passed. */
  readonly faults: readonly string[];
}

const settleDeadlineMs = 60_000;

interface Scene {
  readonly posthorn: FaultedPosthorn;
  readonly endpoints: Endpoints;
}

/** Load, the fault in the middle of it, quiet, and the comparison. */
export async function runRow(scene: Scene, row: Row, options: RunOptions): Promise<RowResult> {
  const startedAt = Date.now();
  const { posthorn, endpoints } = scene;
  const prefix = `${row.name.replaceAll('.', '-')}-${startedAt.toString(36)}-`;
  const destinations = await prepare(scene, planEndpoints(prefix, options.tenants));
  endpoints.sightings = [];
  const repairsBefore = posthorn.repairs;
  const { strikes, intents, churned } = await strike(scene, row, { ...options, destinations });
  const all = [...destinations, ...churned.destinations];
  const tenantIds = tenantsOf(all);
  await quiet(posthorn.whole, tenantIds, options.quietDeadlineMs).catch(() => undefined);
  const evidence = {
    intents,
    sightings: endpoints.sightings,
    destinations: all,
    books: await readBooks(posthorn.whole, tenantIds),
    timetable,
    slackMs: 2000 + row.outageMs,
    onlyRecorded: row.onlyRecorded ?? false,
  };
  const verdict = audit(evidence);
  const repairs = posthorn.repairs - repairsBefore;
  const faults = [
    ...faultsOf(row, { strikes, repairs }, verdict),
    ...(row.isUnnoticed ? noticed(verdict, churned) : []),
  ];
  if (faults.length > 0) keep(row, evidence, verdict);
  return { row, strikes, repairs, verdict, tookMs: Date.now() - startedAt, faults };
}

/** The load and the fault, side by side, until everything that was published is acknowledged. */
async function strike(
  scene: Scene,
  row: Row,
  { destinations, seed, durationMs, perSecond }: RunOptions & { destinations: readonly Destination[] },
): Promise<{ strikes: number; intents: Intent[]; churned: Churned }> {
  const { whole } = scene.posthorn;
  const tenantIds = tenantsOf(destinations);
  const amqp = new AmqpDoor(() => whole.run.publisherAmqpUrl);
  const load = new Load({ posthorn: whole, amqp, tenantIds, random: randomFrom(seed), perSecond });
  try {
    await amqp.connected;
    const over = new AbortController();
    const end = row.isUnnoticed ? over.signal : AbortSignal.timeout(durationMs);
    const [strikes, churned] = await Promise.all([
      row.fault(scene.posthorn, durationMs).finally(() => over.abort()),
      row.churns
        ? churn({ tenantIds, load, register: (endpoint) => register(scene, endpoint) }, end)
        : { destinations: [], failures: 0 },
      load.run(end),
    ]);
    await load.settled(settleDeadlineMs);
    return { strikes, intents: load.intents, churned };
  } finally {
    amqp.stop();
  }
}

async function prepare(scene: Scene, planned: readonly Endpoint[]): Promise<Destination[]> {
  for (const tenantId of tenantsOf(planned))
    await scene.posthorn.whole.call('PUT', `/tenants/${tenantId}`, {});
  return Promise.all(planned.map((endpoint) => register(scene, endpoint)));
}

async function register({ posthorn, endpoints }: Scene, endpoint: Endpoint): Promise<Destination> {
  const { tenantId, path, eventTypes } = endpoint;
  const { status, body } = await posthorn.whole.call<{ id: string; secret: string }>(
    'POST',
    `/tenants/${tenantId}/destinations`,
    { url: endpoints.url(path), eventTypes },
  );
  if (status !== 201) throw new Error(`a destination was answered ${status}`);
  const destination = { ...endpoint, id: body.id, secret: body.secret };
  endpoints.add(destination);
  return destination;
}

function tenantsOf(endpoints: readonly Endpoint[]): string[] {
  return [...new Set(endpoints.map(({ tenantId }) => tenantId))];
}

function faultsOf(
  row: Row,
  { strikes, repairs }: Pick<RowResult, 'strikes' | 'repairs'>,
  verdict: Verdict,
): string[] {
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
