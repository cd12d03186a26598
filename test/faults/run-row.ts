import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AmqpDoor } from './amqp-door.js';
import { audit, type Verdict } from './audit.js';
import { quiet, readBooks } from './books.js';
import type { Endpoints } from './endpoints.js';
import { type FaultedPosthorn, timetable } from './faulted-posthorn.js';
import type { Journal } from './journal.js';
import { Load } from './load.js';
import { randomFrom } from './random.js';
import type { Row } from './rows.js';
import { type Destination, planEndpoints } from './world.js';

export interface RunOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly perSecond: number;
  readonly tenants: number;
}

export interface RowResult {
  readonly row: Row;
  readonly strikes: number;
  readonly verdict: Verdict;
  readonly tookMs: number;
  /** Why it counts as failed; empty if it passed. */
  readonly faults: readonly string[];
}

const settleDeadlineMs = 60_000;
const quietDeadlineMs = 120_000;

/** Load, the fault in the middle of it, quiet, and the comparison. */
export async function runRow(
  { posthorn, endpoints }: { posthorn: FaultedPosthorn; endpoints: Endpoints },
  row: Row,
  options: RunOptions,
): Promise<RowResult> {
  const startedAt = Date.now();
  const prefix = `${row.name.replaceAll('.', '-')}-${startedAt.toString(36)}-`;
  const destinations = await register(posthorn, endpoints, planEndpoints(prefix, options.tenants));
  const tenantIds = [...new Set(destinations.map(({ tenantId }) => tenantId))];
  endpoints.sightings = [];
  const amqp = new AmqpDoor(() => posthorn.whole.run.publisherAmqpUrl);
  const { seed, perSecond } = options;
  const load = new Load({ posthorn: posthorn.whole, amqp, tenantIds, random: randomFrom(seed), perSecond });
  try {
    await amqp.connected;
    const [strikes] = await Promise.all([
      row.fault(posthorn, options.durationMs),
      load.run(options.durationMs),
    ]);
    await load.settled(settleDeadlineMs);
    await quiet(posthorn.whole, tenantIds, quietDeadlineMs).catch(() => undefined);
    const books = await readBooks(posthorn.whole, tenantIds);
    const journal = { intents: load.intents, sightings: endpoints.sightings };
    const slackMs = 2000 + row.outageMs;
    const verdict = audit({ ...journal, destinations, books, timetable, slackMs });
    const faults = faultsOf(row, strikes, verdict);
    if (faults.length > 0) keep(row, { ...journal, verdict, destinations, books });
    return { row, strikes, verdict, tookMs: Date.now() - startedAt, faults };
  } finally {
    amqp.stop();
  }
}

async function register(
  { whole }: FaultedPosthorn,
  endpoints: Endpoints,
  planned: ReturnType<typeof planEndpoints>,
): Promise<Destination[]> {
  for (const tenantId of new Set(planned.map((endpoint) => endpoint.tenantId)))
    await whole.call('PUT', `/tenants/${tenantId}`, {});
  return Promise.all(
    planned.map(async (endpoint) => {
      const { tenantId, path, eventTypes } = endpoint;
      const body = { url: endpoints.url(path), eventTypes };
      const answer = await whole.call<{ id: string; secret: string }>(
        'POST',
        `/tenants/${tenantId}/destinations`,
        body,
      );
      if (answer.status !== 201) throw new Error(`a destination was answered ${answer.status}`);
      const destination = { ...endpoint, id: answer.body.id, secret: answer.body.secret };
      endpoints.add(destination);
      return destination;
    }),
  );
}

function faultsOf(row: Row, strikes: number, verdict: Verdict): string[] {
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
    ...(verdict.published === 0 ? ['nothing was published'] : []),
    ...Object.entries(counted).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : [])),
    ...(verdict.duplicated.length > bound
      ? [`${verdict.duplicated.length} duplicated, ${bound} allowed`]
      : []),
  ];
}

/** For whoever has to find out why. */
function keep(row: Row, { intents, sightings, ...rest }: Journal & Record<string, unknown>): void {
  const directory = join('.posthorn', 'test', 'faults', 'journals');
  mkdirSync(directory, { recursive: true });
  const lines = (items: readonly object[]): string =>
    items.map((item) => `${JSON.stringify(item)}\n`).join('');
  writeFileSync(join(directory, `${row.name}.intents.jsonl`), lines(intents));
  writeFileSync(join(directory, `${row.name}.sightings.jsonl`), lines(sightings));
  writeFileSync(join(directory, `${row.name}.verdict.json`), JSON.stringify(rest, null, 2));
}
