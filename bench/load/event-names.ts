/** The destinations of one tenant: an event goes to one of them, or to all. */
export const destinationsPerTenant = 10;
export const typeOfAll = 'bench.all';

/** What the id of an event tells the sink: which run it is of, its number, and where it is to go. */
export interface EventName {
  readonly run: string;
  readonly number: number;
  readonly tenant: number;
  /** The number of the only destination in its tenant, or every one of them. */
  readonly destination: number | 'all';
}

export function eventIdOf({ run, number, tenant, destination }: EventName): string {
  return `${run}-${number}-${tenant}-${destination}`;
}

export function readEventId(id: string): EventName {
  const [run = '', number, tenant, destination] = id.split('-');
  return {
    run,
    number: Number(number),
    tenant: Number(tenant),
    destination: destination === 'all' ? 'all' : Number(destination),
  };
}

export function tenantIdOf(destinations: number, tenant: number): string {
  return `bench-${destinations}-${tenant}`;
}

export function typeOf(destination: number | 'all'): string {
  return destination === 'all' ? typeOfAll : `bench.one.${destination}`;
}

export function pathOf(tenant: number, destination: number): string {
  return `/${tenant}/${destination}`;
}
