import { setTimeout as delay } from 'node:timers/promises';
import { until } from '#libs/testing';
import { Load } from '../load.js';
import { inFlight } from '../rows/row.js';
import { prepare, tenantsOf } from '../scene.js';
import type { Destination, PlannedEndpoint } from '../world.js';
import { fairLimitMs, latencies, quantile, type Trial, type TrialScene } from './trial.js';

const tenants = 100;
const perTenant = 100;
/** Three of ten. */
const isDead = (index: number): boolean => index % 10 < 3;
/** Postgres looks once a minute what to vacuum, which takes a processor for two seconds: each phase meets that once. */
const phaseMs = 60_000;
/** The first events to each destination meet empty caches: they are not what the others are compared with. */
const warmUpMs = 15_000;
const perSecond = 150;
const arrivalDeadlineMs = 120_000;
/** Who finds the slots taken by those that hang looks again after two minutes at the latest. */
const failureDeadlineMs = 180_000;
/** A destination's own, by default. */
const attemptDeadlineMs = 15_000;
/** Posthorn's own default, as far as it matters here: that of the stage, four tries in two seconds, is for rows that count. */
const retrySchedule = ['5s', '5m', '30m'];
/** Of all that a dispatcher may have under way. */
const allowedShare = 0.1;

/** Three of ten destinations die: half of them hang, half reset. The live ones must hardly notice, then and later. */
export const deadDestinations: Trial = {
  name: 'dead-destinations',
  what: `10,000 destinations, ${perSecond} events/s; then 30 % of them die, half hang and half reset`,
  run: async (scene) => {
    const { endpoints, posthorn } = scene;
    const all = await prepare(scene, plan(scene));
    const live = new Set(all.filter((_, index) => !isDead(index)).map(({ path }) => path));
    const dead = all.filter(({ path }) => !live.has(path));
    await p99(scene, all, live, warmUpMs);
    const aliveMs = await p99(scene, all, live);
    for (const [index, { path }] of dead.entries())
      endpoints.behave(path, index % 2 === 0 ? 'hang' : 'reset');
    const dyingMs = await p99(scene, all, live);
    await failOnce(scene, dead);
    const whileDying = endpoints.takeMostHanging();
    const deadMs = await p99(scene, all, live);
    const hanging = endpoints.takeMostHanging();
    for (const tenantId of tenantsOf(all)) await posthorn.whole.call('DELETE', `/tenants/${tenantId}`);
    const limitMs = fairLimitMs(aliveMs);
    const limit = inFlight * allowedShare;
    const slower = Object.entries({ 'while they died': dyingMs, 'beside the dead': deadMs });
    return {
      figures:
        `p99 of the live from accept to first attempt ${aliveMs} ms with all alive, ${dyingMs} ms while they died, ${deadMs} ms beside the dead, limit ${limitMs} ms; ` +
        `at most ${whileDying} of ${inFlight} slots hung while they died, ${hanging} once each had failed, limit ${limit}`,
      faults: [
        ...slower
          .filter(([, ms]) => ms > limitMs)
          .map(([when, ms]) => `p99 of the live was ${ms} ms ${when}, limit ${limitMs} ms`),
        ...(hanging <= limit ? [] : [`${hanging} attempts hung at once, limit ${limit}`]),
      ],
    };
  },
};

/** Nobody can know that an endpoint hangs that has answered so far: each of the dead gets one event, and time to fail. */
async function failOnce(
  { posthorn, amqp, random, endpoints }: TrialScene,
  dead: readonly Destination[],
): Promise<void> {
  const load = new Load({ posthorn: posthorn.whole, amqp, tenantIds: [], random, perSecond });
  for (const { tenantId, eventTypes } of dead) {
    load.publish(tenantId, eventTypes[0] ?? '');
    await delay(1000 / perSecond);
  }
  await load.settled(arrivalDeadlineMs);
  const hasFailed = (): boolean => {
    const seen = new Set(endpoints.sightings.filter(({ status }) => status === 0).map(({ path }) => path));
    return dead.every(({ path }) => seen.has(path));
  };
  await until('each of the dead to have failed', hasFailed, failureDeadlineMs);
  await delay(attemptDeadlineMs);
}

async function p99(
  { posthorn, amqp, random, endpoints }: TrialScene,
  destinations: readonly Destination[],
  live: ReadonlySet<string>,
  forMs = phaseMs,
): Promise<number> {
  const tenantIds = tenantsOf(destinations);
  const load = new Load({ posthorn: posthorn.whole, amqp, tenantIds, random, perSecond, pickType });
  await load.run(AbortSignal.timeout(forMs));
  await load.settled(arrivalDeadlineMs);
  const ofLive = load.intents.filter(({ tenantId, eventType }) => live.has(pathOf(tenantId, eventType)));
  const arrived = (): number[] => latencies(ofLive, endpoints.sightings);
  await until('the events for the live', () => arrived().length === ofLive.length, arrivalDeadlineMs);
  return quantile(arrived(), 0.99);
}

function pickType(random: () => number): string {
  return `order.${Math.floor(random() * perTenant)}`;
}

function pathOf(tenantId: string, eventType: string): string {
  return `/${tenantId}/${eventType}`;
}

function plan({ prefix }: TrialScene): PlannedEndpoint[] {
  return Array.from({ length: tenants * perTenant }, (_, index) => {
    const tenantId = `${prefix}t${index % tenants}`;
    const eventType = `order.${Math.floor(index / tenants)}`;
    const path = pathOf(tenantId, eventType);
    return { tenantId, path, eventTypes: [eventType], behaviour: 'ok', settings: { retrySchedule } };
  });
}
