import { until } from '#libs/testing';
import { Load } from '../load.js';
import { prepare } from '../scene.js';
import type { Destination, PlannedEndpoint } from '../world.js';
import { differences, type Trial, type TrialScene } from './trial.js';

const events = 3334;
const waitS = 60;
const deadlineMs = 240_000;
const names = ['deleted', 'moved', 'disabled'] as const;

/** Destinations change while 10,000 deliveries wait for their retry. */
export const changedWhilePending: Trial = {
  name: 'changed-while-pending',
  what: `of ${events * names.length} waiting deliveries the destinations are deleted, moved or disabled and enabled again`,
  run: async (scene) => {
    const { posthorn, endpoints, prefix } = scene;
    const tenantId = `${prefix}t`;
    const [deleted, moved, disabled] = await prepare(scene, plan(scene, tenantId));
    if (!deleted || !moved || !disabled) throw new Error('three were registered');
    await failOnce(scene, tenantId);
    const path = (destination: Destination): string => `/tenants/${tenantId}/destinations/${destination.id}`;
    const newPath = `/${prefix}elsewhere`;
    endpoints.add({ ...moved, path: newPath, behaviour: 'ok' });
    endpoints.behave(disabled.path, 'ok');
    endpoints.sightings = [];
    const at = (where: string): number => endpoints.sightings.filter((seen) => seen.path === where).length;
    const all = (where: string): Promise<unknown> =>
      until(`all at ${where}`, () => at(where) >= events, deadlineMs).catch(() => undefined);
    await posthorn.whole.call('DELETE', path(deleted));
    await posthorn.whole.call('PATCH', path(moved), { url: endpoints.url(newPath) });
    await posthorn.whole.call('POST', `${path(disabled)}/disable`);
    await all(newPath);
    const whileDisabled = at(disabled.path);
    await posthorn.whole.call('POST', `${path(disabled)}/enable`);
    await all(disabled.path);
    await posthorn.whole.call('DELETE', `/tenants/${tenantId}`);
    return {
      figures: `${at(deleted.path)} sent to the deleted, ${at(newPath)} to the new URL of the moved, ${whileDisabled} to the disabled and ${at(disabled.path)} once it was enabled`,
      faults: differences({
        'sent to the deleted one': [at(deleted.path), 0],
        'sent to the old URL': [at(moved.path), 0],
        'sent to the new URL': [at(newPath), events],
        'sent to the disabled one': [whileDisabled, 0],
        'sent to it once it was enabled': [at(disabled.path), events],
        'with a wrong signature': [endpoints.sightings.filter(({ isVerified }) => !isVerified).length, 0],
      }),
    };
  },
};

function plan({ prefix }: TrialScene, tenantId: string): PlannedEndpoint[] {
  return names.map((name) => ({
    tenantId,
    path: `/${prefix}${name}`,
    eventTypes: ['all.*'],
    behaviour: '500',
    settings: { retrySchedule: [`${waitS}s`], maxConcurrency: 100 },
  }));
}

/** Each delivery has its first attempt, and waits for the second. */
async function failOnce(scene: TrialScene, tenantId: string): Promise<void> {
  const load = new Load({ ...scene, posthorn: scene.posthorn.whole, tenantIds: [tenantId], perSecond: 0 });
  for (let number = 0; number < events; number++) load.publish(tenantId, 'all.of_it');
  await load.settled(deadlineMs);
  await until('a first attempt of each', () => tried(scene) >= events * names.length, deadlineMs);
}

function tried({ endpoints, prefix }: TrialScene): number {
  return endpoints.sightings.filter(({ path }) => path.startsWith(`/${prefix}`)).length;
}
