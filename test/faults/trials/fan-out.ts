import { until } from '#libs/testing';
import { quiet } from '../books.js';
import { prepare } from '../scene.js';
import type { PlannedEndpoint } from '../world.js';
import type { Trial, TrialScene } from './trial.js';

const destinations = 5000;
const deadlineMs = 120_000;

/** One event for very many destinations. */
export const fanOut: Trial = {
  name: 'fan-out',
  what: `1 event for ${destinations} destinations of one tenant`,
  run: async (scene) => {
    const tenantId = `${scene.prefix}t`;
    await prepare(scene, plan(scene, tenantId));
    scene.endpoints.sightings = [];
    const startedAt = performance.now();
    await scene.posthorn.whole.call('POST', `/tenants/${tenantId}/events`, { type: 'all.of_it', data: {} });
    const arrived = (): number => scene.endpoints.sightings.length;
    await until('all webhooks', () => arrived() >= destinations, deadlineMs).catch(() => undefined);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    await quiet(scene.posthorn.whole, [tenantId], { timeoutMs: deadlineMs });
    const paths = new Set(scene.endpoints.sightings.map(({ path }) => path));
    await scene.posthorn.whole.call('DELETE', `/tenants/${tenantId}`);
    return {
      figures: `${paths.size} endpoints got it, ${arrived()} requests, after ${seconds} s`,
      faults: [
        ...(paths.size === destinations ? [] : [`${destinations - paths.size} lost`]),
        ...(arrived() === paths.size ? [] : [`${arrived() - paths.size} duplicated`]),
      ],
    };
  },
};

function plan({ prefix }: TrialScene, tenantId: string): PlannedEndpoint[] {
  return Array.from({ length: destinations }, (_, index) => ({
    tenantId,
    path: `/${prefix}${index}`,
    eventTypes: ['all.*'],
    behaviour: 'ok',
  }));
}
