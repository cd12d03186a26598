/**
 * What an endpoint does: `flaky` answers 500 to the first try of each event, `slow` takes 3 s, `busy` takes 50 ms, `hang`
 * never answers.
 */
export type Behaviour = 'ok' | 'flaky' | '500' | '429' | 'reset' | 'slow' | 'busy' | 'hang';

export interface Endpoint {
  readonly tenantId: string;
  readonly path: string;
  readonly eventTypes: readonly string[];
  readonly behaviour: Behaviour;
}

export interface PlannedEndpoint extends Endpoint {
  /** What is said of the destination besides its URL and event types. */
  readonly settings?: object;
}

/** One that was registered. */
export interface Destination extends Endpoint {
  readonly id: string;
  readonly secret: string;
}

const endpointsPerTenant = 5;
/** Ten of a hundred, in a pattern that is the same in every run. */
const failing: readonly Behaviour[] = [
  '500',
  '500',
  '500',
  '500',
  'flaky',
  'flaky',
  'flaky',
  'reset',
  'reset',
  '429',
];

/** Tenants with five endpoints each; every tenth endpoint fails in some way. */
export function planEndpoints(prefix: string, tenants: number): PlannedEndpoint[] {
  return Array.from({ length: tenants * endpointsPerTenant }, (_, index) => {
    const tenantId = `${prefix}t${Math.floor(index / endpointsPerTenant)}`;
    const number = index % endpointsPerTenant;
    const behaviour = index % 10 === 9 ? (failing[Math.floor(index / 10) % failing.length] ?? 'ok') : 'ok';
    return {
      tenantId,
      path: `/${tenantId}/${number}`,
      eventTypes: [`order.${number}`, 'all.*'],
      behaviour,
      // What says that it has too much to do gets so many a second: its retries are to be over soon after the load.
      ...(behaviour === '429' && { settings: { maxConcurrency: 50 } }),
    };
  });
}

/** Mostly an event for one of a tenant's endpoints, now and then one for all five. */
export function pickType(random: () => number): string {
  return random() < 0.1 ? 'all.five' : `order.${Math.floor(random() * endpointsPerTenant)}`;
}

export function matches(endpoint: Endpoint, eventType: string): boolean {
  return endpoint.eventTypes.some((pattern) =>
    pattern.endsWith('.*') ? eventType.startsWith(pattern.slice(0, -1)) : pattern === eventType,
  );
}
