import { until } from '#libs/testing';
import { Load } from '../load.js';
import type { Destination } from '../world.js';
import { prepare, tenantsOf } from '../scene.js';
import type { PlannedEndpoint } from '../world.js';
import { fairLimitMs, latencies, quantile, type Trial, type TrialScene } from './trial.js';

const quietTenants = 99;
const noisyDestinations = 20;
const phaseMs = 20_000;
const quietPerSecond = 100;
const noisyPerSecond = 25;
const arrivalDeadlineMs = 60_000;

/** I8: one of a hundred tenants floods endpoints that hang or are slow; the others must hardly notice. */
export const noisyTenant: Trial = {
  name: 'noisy-tenant',
  what: `1 of 100 tenants sends ${noisyPerSecond * noisyDestinations} deliveries/s to endpoints that hang or take 3 s, 99 send ${quietPerSecond} events/s`,
  run: async (scene) => {
    const quiet = await prepare(scene, plan(scene, quietTenants));
    const noisy = await prepare(scene, planNoisy(scene));
    const baselineMs = await p99(scene, quiet);
    const flood = load(scene, noisy, noisyPerSecond);
    const [noisedMs] = await Promise.all([p99(scene, quiet), flood.run(AbortSignal.timeout(phaseMs))]);
    await scene.posthorn.whole.call('DELETE', `/tenants/${noisy[0]?.tenantId}`);
    const limitMs = fairLimitMs(baselineMs);
    return {
      figures: `p99 from accept to first attempt ${baselineMs} ms alone, ${noisedMs} ms beside the flood, limit ${limitMs} ms`,
      faults: noisedMs <= limitMs ? [] : [`p99 of the others was ${noisedMs} ms, limit ${limitMs} ms`],
    };
  },
};

/** Of one phase of the quiet tenants' load. All of it has to arrive. */
async function p99(scene: TrialScene, destinations: readonly Destination[]): Promise<number> {
  const quiet = load(scene, destinations, quietPerSecond);
  await quiet.run(AbortSignal.timeout(phaseMs));
  await quiet.settled(arrivalDeadlineMs);
  const arrived = (): number[] => latencies(quiet.intents, scene.endpoints.sightings);
  const isComplete = (): boolean => arrived().length === quiet.intents.length;
  await until('the events of the quiet tenants', isComplete, arrivalDeadlineMs);
  return quantile(arrived(), 0.99);
}

function load(
  { posthorn, amqp, random }: TrialScene,
  destinations: readonly Destination[],
  perSecond: number,
): Load {
  const tenantIds = tenantsOf(destinations);
  return new Load({
    posthorn: posthorn.whole,
    amqp,
    tenantIds,
    random,
    perSecond,
    pickType: () => 'all.of_it',
  });
}

function plan({ prefix }: TrialScene, tenants: number): PlannedEndpoint[] {
  return Array.from({ length: tenants }, (_, index) => ({
    tenantId: `${prefix}q${index}`,
    path: `/${prefix}q${index}`,
    eventTypes: ['all.*'],
    behaviour: 'ok',
  }));
}

function planNoisy({ prefix }: TrialScene): PlannedEndpoint[] {
  return Array.from({ length: noisyDestinations }, (_, index) => ({
    tenantId: `${prefix}noisy`,
    path: `/${prefix}noisy/${index}`,
    eventTypes: ['all.*'],
    behaviour: index % 2 === 0 ? 'hang' : 'slow',
  }));
}
