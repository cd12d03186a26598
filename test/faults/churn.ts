import { setTimeout as delay } from 'node:timers/promises';
import type { Load } from './load.js';
import type { Destination, Endpoint } from './world.js';

const everyMs = 50;

export interface ChurnOptions {
  readonly tenantIds: readonly string[];
  readonly load: Load;
  /** @throws if the registration was not answered with 201. */
  readonly register: (endpoint: Endpoint) => Promise<Destination>;
}

export interface Churned {
  readonly destinations: readonly Destination[];
  readonly failures: number;
}

/**
 * Registers destinations all the while, and publishes an event for each as soon as its 201 is there. A registration
 * that fails is left alone: nothing is ever published for its event type.
 */
export async function churn({ tenantIds, load, register }: ChurnOptions, end: AbortSignal): Promise<Churned> {
  const destinations: Destination[] = [];
  let failures = 0;
  for (let number = 0; !end.aborted; number++) {
    const tenantId = tenantIds[number % tenantIds.length] ?? '';
    const eventType = `churn.n${number}`;
    const path = `/${tenantId}/churn/${number}`;
    try {
      destinations.push(await register({ tenantId, path, eventTypes: [eventType], behaviour: 'ok' }));
      load.publish(tenantId, eventType);
    } catch {
      // The registry was being killed.
      failures++;
    }
    await delay(everyMs);
  }
  return { destinations, failures };
}
