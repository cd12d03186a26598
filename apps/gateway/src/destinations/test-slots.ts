import { Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';

/** Tests of one tenant, and of one destination, that this process has under way at once. */
const perTenant = 5;
const perDestination = 1;

export interface Tested {
  readonly tenantId: string;
  readonly destinationId: string;
}

const refusals = {
  tenant: 'Five tests of this tenant are under way. Try again when one of them has ended.',
  destination: 'A test of this destination is under way. Try again when it has ended.',
};

/** Counts the tests that this process has under way. */
@Injectable()
export class TestSlots {
  readonly #underWay = new Set<Tested>();

  /** @returns what ends the test. @throws Problem `rate_limited` if it is one too many. */
  begin(test: Tested): () => void {
    const others = [...this.#underWay].filter(({ tenantId }) => tenantId === test.tenantId);
    const sameDestination = others.filter(({ destinationId }) => destinationId === test.destinationId);
    if (sameDestination.length >= perDestination) throw new Problem('rate_limited', refusals.destination);
    if (others.length >= perTenant) throw new Problem('rate_limited', refusals.tenant);
    this.#underWay.add(test);
    return () => this.#underWay.delete(test);
  }
}
