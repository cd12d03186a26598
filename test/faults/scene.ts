import type { RunningPosthorn } from '#libs/testing';
import type { Endpoints } from './endpoints.js';
import type { FaultedPosthorn } from './faulted-posthorn.js';
import type { Destination, Endpoint, PlannedEndpoint } from './world.js';

/** All that destinations need: somebody who can be asked, and somebody who answers. */
export interface Stage {
  readonly posthorn: { readonly whole: Pick<RunningPosthorn, 'call'> };
  readonly endpoints: Endpoints;
}

export interface Scene extends Stage {
  readonly posthorn: FaultedPosthorn;
}

const registeredAtOnce = 20;

/** Makes tenants and destinations, and the endpoints behind them. */
export async function prepare(scene: Stage, planned: readonly PlannedEndpoint[]): Promise<Destination[]> {
  for (const tenantId of tenantsOf(planned))
    await scene.posthorn.whole.call('PUT', `/tenants/${tenantId}`, {});
  const registered: Destination[] = [];
  const rest = planned.entries();
  const registrars = Array.from({ length: registeredAtOnce }, async () => {
    for (const [index, endpoint] of rest) registered[index] = await register(scene, endpoint);
  });
  await Promise.all(registrars);
  return registered;
}

/** @throws if the registration was not answered with 201. */
export async function register(
  { posthorn, endpoints }: Stage,
  { settings, ...endpoint }: PlannedEndpoint,
): Promise<Destination> {
  const { tenantId, path, eventTypes } = endpoint;
  const { status, body } = await posthorn.whole.call<{ id: string; secret: string }>(
    'POST',
    `/tenants/${tenantId}/destinations`,
    { url: endpoints.url(path), eventTypes, ...settings },
  );
  if (status !== 201) throw new Error(`a destination was answered ${status}: ${JSON.stringify(body)}`);
  const destination = { ...endpoint, id: body.id, secret: body.secret };
  endpoints.add(destination);
  return destination;
}

export function tenantsOf(endpoints: readonly Endpoint[]): string[] {
  return [...new Set(endpoints.map(({ tenantId }) => tenantId))];
}
