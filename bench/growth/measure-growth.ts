import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryStatus, Replay } from '#libs/contracts';
import { until } from '#libs/testing';
import type { Plan } from '../generator/plan.js';
import { type Bench, runLoad } from '../load/run-load.js';
import { cpuOf, togetherMiB } from '../measure/processes.js';
import { groupsOf, serviceProcesses } from '../measure/servers.js';
import { spreadOf } from '../measure/spread.js';
import type { Measurement } from '../measurement.js';
import type { Subject } from '../subject.js';
import type { Owner } from './fill-ledger.js';

/** By what each figure is, with its unit. */
export type Figures = Readonly<Record<string, number>>;

export interface GrowthMeasurement {
  readonly figures: Figures;
  readonly load: Measurement;
}

/** Of acceptances. */
interface Span {
  readonly after: string;
  readonly before: string;
}

const asksEach = 40;
const pollMs = 500;
const replayDeadlineMs = 300_000;

/** A load at a constant rate, what history takes to answer, and all of that load sent once more. */
export async function measureGrowth(
  bench: Bench,
  plan: Plan,
  { subject, owner }: { subject: Subject; owner: Owner },
): Promise<GrowthMeasurement> {
  const after = new Date().toISOString();
  const load = await runLoad(bench, plan, { run: () => subject.posthorn.run, others: {} });
  const before = new Date().toISOString();
  bench.say('asking for history');
  const queries = await queryFigures(subject, owner);
  bench.say('sending it again');
  const release = await releaseFigures(subject, owner, { after, before });
  const { receipt, cpuSPer1000 } = load;
  const figures = {
    'accept to receipt, p50, ms': receipt.p50,
    'accept to receipt, p99, ms': receipt.p99,
    'router, CPU s per 1,000': cpuSPer1000['router'] ?? NaN,
    'ledger, CPU s per 1,000': cpuSPer1000['ledger'] ?? NaN,
    'Postgres, CPU s per 1,000': cpuSPer1000['postgres'] ?? NaN,
    ...release,
    ...queries,
    'services, MiB': togetherMiB(serviceProcesses(subject.posthorn.run)),
  };
  return { figures, load };
}

/** Medians, in ms. */
async function queryFigures(subject: Subject, { tenantId, destinationIds }: Owner): Promise<Figures> {
  const of = `/tenants/${tenantId}`;
  const [destinationId = ''] = destinationIds;
  const recent = await subject.must<{ data: { id: string }[] }>('GET', `${of}/events?limit=1`);
  const queries = {
    'events, a page': `${of}/events?limit=50`,
    'an event': `${of}/events/${recent.data[0]?.id}`,
    'deliveries of a destination': `${of}/deliveries?limit=50&destinationId=${destinationId}`,
    'failed deliveries': `${of}/deliveries?limit=50&status=failed`,
    'figures of a destination': `${of}/destinations/${destinationId}/stats`,
    'destinations, a page': `${of}/destinations?limit=50`,
  };
  const figures: Record<string, number> = {};
  for (const [name, path] of Object.entries(queries))
    figures[`${name}, ms`] = await medianMs(() => subject.must('GET', path));
  return figures;
}

async function medianMs(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let asked = 0; asked < asksEach; asked++) {
    const begunMs = performance.now();
    await ask();
    times.push(performance.now() - begunMs);
  }
  return spreadOf(times).median;
}

/** What the timetable takes to let go what has come due: here all at once, as they are sent again. */
async function releaseFigures(subject: Subject, { tenantId }: Owner, span: Span): Promise<Figures> {
  const groups = groupsOf(subject.posthorn.run);
  const cpuBefore = cpuOf(groups);
  const path = `/tenants/${tenantId}/replays`;
  const begun = await subject.must<Replay>('POST', path, { ...span, statuses: ['delivered'] });
  const ended = await replayed(subject, `${path}/${begun.id}`);
  await arrived(subject, tenantId, span);
  const cpuAfter = cpuOf(groups);
  const usedOf = (name: string): number =>
    (((cpuAfter[name] ?? NaN) - (cpuBefore[name] ?? NaN)) * 1000) / ended.done;
  return {
    'ledger, CPU s per 1,000 released': usedOf('ledger'),
    'Postgres, CPU s per 1,000 released': usedOf('postgres'),
  };
}

async function replayed(subject: Subject, path: string): Promise<Replay> {
  const ended = async (): Promise<Replay | undefined> => {
    await delay(pollMs);
    const replay = await subject.must<Replay>('GET', path);
    return replay.finishedAt === null ? undefined : replay;
  };
  return until('the replay to end', ended, replayDeadlineMs);
}

async function arrived(subject: Subject, tenantId: string, span: Span): Promise<void> {
  const hasAny = async (status: DeliveryStatus): Promise<boolean> => {
    const query = new URLSearchParams({ ...span, limit: '1', status }).toString();
    const page = await subject.must<{ data: unknown[] }>('GET', `/tenants/${tenantId}/deliveries?${query}`);
    return page.data.length > 0;
  };
  const isOver = async (): Promise<boolean> => {
    await delay(pollMs);
    return !(await hasAny('retrying')) && !(await hasAny('pending'));
  };
  await until('all that was sent again to arrive', isOver, replayDeadlineMs);
}
