/** A name resolves to, or a socket is connected to, an address that the policy does not allow. */
export class EgressBlockedError extends Error {
  override readonly name = 'EgressBlockedError';
  readonly code = 'EGRESS_BLOCKED';

  constructor() {
    super('This address is not one that this installation connects to.');
  }
}
