import { until } from '#libs/testing';
import { quiet } from '../books.js';
import { Load } from '../load.js';
import { prepare, tenantsOf } from '../scene.js';
import type { PlannedEndpoint } from '../world.js';
import type { Trial, TrialScene } from './trial.js';

const tenants = 30;
const perTenant = 100;
const limit = 2;
/** For each destination: enough failures for its circuit to open. */
const eventsPerTenant = 4;
const deadlineMs = 240_000;

/** Many destinations were down and are up again: none may get more at once than it has said it can take. */
export const backAtOnce: Trial = {
  name: 'back-at-once',
  what: `${tenants * perTenant} destinations that reset come back at once, each takes ${limit} requests at a time`,
  run: async (scene) => {
    const { endpoints, posthorn } = scene;
    const all = await prepare(scene, plan(scene));
    endpoints.sightings = [];
    const tenantIds = tenantsOf(all);
    const load = new Load({ ...scene, posthorn: posthorn.whole, tenantIds, perSecond: 0 });
    for (let number = 0; number < eventsPerTenant; number++)
      for (const tenantId of tenantIds) load.publish(tenantId, 'all.of_it');
    await load.settled(deadlineMs);
    const wanted = all.length * eventsPerTenant;
    await until('a first attempt of each', () => seen(scene) === wanted, deadlineMs).catch(() => undefined);
    for (const { path } of all) endpoints.behave(path, 'busy');
    const delivered = (): number => endpoints.sightings.filter(({ status }) => status === 200).length;
    const before = delivered();
    const statuses = ['pending', 'retrying', 'held'] as const;
    await quiet(posthorn.whole, tenantIds, { timeoutMs: deadlineMs, statuses }).catch(() => undefined);
    const most = Math.max(...all.map(({ path }) => endpoints.mostAtOnce(path)));
    for (const tenantId of tenantIds) await posthorn.whole.call('DELETE', `/tenants/${tenantId}`);
    return {
      figures: `${delivered() - before} deliveries arrived afterwards, at most ${most} at once at one destination, limit ${limit}`,
      faults: [
        ...(most <= limit ? [] : [`${most} at once at one destination, limit ${limit}`]),
        ...(delivered() > before ? [] : ['nothing arrived afterwards']),
      ],
    };
  },
};

/** How many deliveries had an attempt. */
function seen({ endpoints }: TrialScene): number {
  return new Set(endpoints.sightings.map(({ eventId, path }) => `${eventId} ${path}`)).size;
}

function plan({ prefix }: TrialScene): PlannedEndpoint[] {
  return Array.from({ length: tenants * perTenant }, (_, index) => {
    const tenantId = `${prefix}t${index % tenants}`;
    return {
      tenantId,
      path: `/${tenantId}/${index}`,
      eventTypes: ['all.*'],
      behaviour: 'reset',
      settings: { maxConcurrency: limit, retrySchedule: ['1s', '2s', '4s', '60s', '60s', '60s'] },
    };
  });
}
