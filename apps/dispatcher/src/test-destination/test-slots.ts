/** Tests of one tenant, and of one destination, that this process has under way at once. */
const perTenant = 5;
const perDestination = 1;

export interface Tested {
  readonly tenantId: string;
  readonly destinationId: string;
}

/** What a further test would be over. */
export type TestLimit = 'tenant' | 'destination';

/** Counts the tests that this process has under way. */
export class TestSlots {
  readonly #underWay = new Set<Tested>();

  /** @returns what ends the test, or the limit that stands against it. */
  begin(test: Tested): (() => void) | TestLimit {
    const others = [...this.#underWay].filter(({ tenantId }) => tenantId === test.tenantId);
    const sameDestination = others.filter(({ destinationId }) => destinationId === test.destinationId);
    if (sameDestination.length >= perDestination) return 'destination';
    if (others.length >= perTenant) return 'tenant';
    this.#underWay.add(test);
    return () => this.#underWay.delete(test);
  }
}
