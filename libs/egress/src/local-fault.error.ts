/** A request was not made for a reason that has nothing to do with its endpoint. */
export class LocalFaultError extends Error {
  override readonly name = 'LocalFaultError';
  /** It passes by itself: the message is kept and tried again in place. */
  readonly transient = true;

  constructor(
    readonly code: string,
    cause: unknown,
  ) {
    super(`No request could be sent: ${code}. Egress is closed, or this machine is out of a resource.`, {
      cause,
    });
  }
}
