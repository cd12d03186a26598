import { until } from '#libs/testing';
import { Load } from '../load.js';
import type { Destination } from '../world.js';
import { inFlight } from '../rows/row.js';
import { type PlannedEndpoint, prepare, tenantsOf } from '../scene.js';
import { latencies, quantile, type Trial, type TrialScene } from './trial.js';

const tenants = 100;
const perTenant = 100;
/** Three of ten. */
const isDead = (index: number): boolean => index % 10 < 3;
const phaseMs = 30_000;
const perSecond = 150;
const arrivalDeadlineMs = 60_000;
/** Of all that a dispatcher may have under way. */
const allowedShare = 0.1;

/** Three of ten destinations die: half of them hang, half reset. The live ones must hardly notice. */
export const deadDestinations: Trial = {
  name: 'dead-destinations',
  what: `10,000 destinations, ${perSecond} events/s; then 30 % of them are dead, half hang and half reset`,
  run: async (scene) => {
    const all = await prepare(scene, plan(scene));
    const live = new Set(all.filter((_, index) => !isDead(index)).map(({ path }) => path));
    const baselineMs = await p99(scene, all, live);
    const dead = all.filter(({ path }) => !live.has(path));
    for (const [index, { path }] of dead.entries())
      scene.endpoints.behave(path, index % 2 === 0 ? 'hang' : 'reset');
    scene.endpoints.mostHanging = 0;
    const besideDeadMs = await p99(scene, all, live);
    const hanging = scene.endpoints.mostHanging;
    for (const tenantId of tenantsOf(all)) await scene.posthorn.whole.call('DELETE', `/tenants/${tenantId}`);
    const limitMs = 2 * baselineMs;
    const limit = inFlight * allowedShare;
    return {
      figures: `p99 of the live from accept to first attempt ${baselineMs} ms with all alive, ${besideDeadMs} ms beside the dead, limit ${limitMs} ms; at most ${hanging} of ${inFlight} attempts at once hung`,
      faults: [
        ...(besideDeadMs <= limitMs ? [] : [`p99 of the live was ${besideDeadMs} ms, limit ${limitMs} ms`]),
        ...(hanging <= limit ? [] : [`${hanging} attempts hung at once, limit ${limit}`]),
      ],
    };
  },
};

async function p99(
  { posthorn, amqp, random, endpoints }: TrialScene,
  destinations: readonly Destination[],
  live: ReadonlySet<string>,
): Promise<number> {
  const tenantIds = tenantsOf(destinations);
  const load = new Load({ posthorn: posthorn.whole, amqp, tenantIds, random, perSecond, pickType });
  await load.run(AbortSignal.timeout(phaseMs));
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
    return { tenantId, path: pathOf(tenantId, eventType), eventTypes: [eventType], behaviour: 'ok' };
  });
}
