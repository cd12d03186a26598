import { setTimeout as delay } from 'node:timers/promises';
import { until } from '#libs/testing';
import { Load } from '../load.js';
import { prepare, tenantsOf } from '../scene.js';
import type { Destination, PlannedEndpoint } from '../world.js';
import { type Hostility, hostilities } from './hostilities.js';
import { fairLimitMs, quantile, type Trial, type TrialScene } from './trial.js';

const quietTenants = 20;
const perSecond = 50;
const phaseMs = 10_000;
/** The hostile tenant is at work when the others are measured. */
const leadMs = 1000;
const arrivalDeadlineMs = 60_000;
/** Too few for a 99th percentile. */
const callsPart = 0.95;
const callEveryMs = 200;

/** One tenant with an ordinary key takes all it can get of one resource; the others must hardly notice. */
export const hostileTenants: readonly Trial[] = hostilities.map((hostility) => ({
  name: `hostile-${hostility.name}`,
  what: `1 tenant ${hostility.what}, ${quietTenants} send ${perSecond} events/s`,
  ...(hostility.inPullRequests && { inPullRequests: true }),
  run: (scene) => run(scene, hostility),
}));

async function run(scene: TrialScene, hostility: Hostility) {
  const quiet = await prepare(scene, plan(scene));
  const hostile = `${scene.prefix}h`;
  await scene.posthorn.whole.call('PUT', `/tenants/${hostile}`, {});
  const alone = await measure(scene, quiet);
  const release = await hostility.prepare?.(scene, hostile);
  const end = new AbortController();
  const acting = act(scene, hostility, { hostile, end: end.signal });
  await delay(leadMs);
  const beside = await measure(scene, quiet).finally(() => end.abort());
  await acting;
  await release?.();
  for (const tenantId of [hostile, ...tenantsOf(quiet)])
    await scene.posthorn.whole.call('DELETE', `/tenants/${tenantId}`).catch(() => undefined);
  return verdict(alone, beside);
}

interface Measured {
  /** From when an event was published first to when its webhook arrived. */
  readonly eventsMs: number;
  readonly callsMs: number;
}

function verdict(alone: Measured, beside: Measured) {
  const compared = [
    { what: 'p99 from publish to first attempt', aloneMs: alone.eventsMs, besideMs: beside.eventsMs },
    { what: 'p95 of calls', aloneMs: alone.callsMs, besideMs: beside.callsMs },
  ].map((one) => ({ ...one, limitMs: fairLimitMs(one.aloneMs) }));
  return {
    figures: compared
      .map(
        ({ what, aloneMs, besideMs, limitMs }) =>
          `${what} ${aloneMs} ms alone, ${besideMs} ms beside the hostile tenant, limit ${limitMs} ms`,
      )
      .join('; '),
    faults: compared
      .filter(({ besideMs, limitMs }) => besideMs > limitMs)
      .map(({ what, besideMs, limitMs }) => `${what} was ${besideMs} ms, limit ${limitMs} ms`),
  };
}

/** Of one phase of the quiet tenants' load. All of it has to arrive. */
async function measure(scene: TrialScene, quiet: readonly Destination[]): Promise<Measured> {
  const load = new Load({
    posthorn: scene.posthorn.whole,
    amqp: scene.amqp,
    tenantIds: tenantsOf(quiet),
    random: scene.random,
    perSecond,
    pickType: () => 'all.of_it',
  });
  const end = AbortSignal.timeout(phaseMs);
  const [callsMs] = await Promise.all([timeCalls(scene, quiet, end), load.run(end)]);
  await load.settled(arrivalDeadlineMs);
  const arrived = (): number[] => latencies(load, scene);
  await until(
    'the events of the quiet tenants',
    () => arrived().length === load.intents.length,
    arrivalDeadlineMs,
  );
  return { eventsMs: quantile(arrived(), 0.99), callsMs };
}

/** A test of a destination goes through gateway, registry and dispatcher. */
async function timeCalls(
  { posthorn }: TrialScene,
  [first]: readonly Destination[],
  end: AbortSignal,
): Promise<number> {
  const tookMs: number[] = [];
  while (!end.aborted) {
    const startedAt = performance.now();
    await posthorn.whole.call('POST', `/tenants/${first?.tenantId}/destinations/${first?.id}/test`, {});
    tookMs.push(Math.round(performance.now() - startedAt));
    await delay(callEveryMs);
  }
  return quantile(tookMs, callsPart);
}

function latencies({ intents }: Load, { endpoints }: TrialScene): number[] {
  const first = new Map<string, number>();
  for (const { eventId, atMs } of endpoints.sightings)
    first.set(eventId, Math.min(atMs, first.get(eventId) ?? Infinity));
  return intents.flatMap(({ eventId, begunAtMs = 0 }) => {
    const atMs = first.get(eventId);
    return atMs === undefined ? [] : [Math.max(0, atMs - begunAtMs)];
  });
}

/** Whatever it is answered: a refusal is what it should get. */
async function act(
  scene: TrialScene,
  { atOnce, everyMs = 0, act: once }: Hostility,
  { hostile, end }: { readonly hostile: string; readonly end: AbortSignal },
): Promise<void> {
  const one = async (): Promise<void> => {
    while (!end.aborted) {
      await once(scene, hostile).catch(() => undefined);
      await delay(everyMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

function plan({ prefix }: TrialScene): PlannedEndpoint[] {
  return Array.from({ length: quietTenants }, (_, index) => ({
    tenantId: `${prefix}q${index}`,
    path: `/${prefix}q${index}`,
    eventTypes: ['all.*'],
    behaviour: 'ok',
  }));
}
