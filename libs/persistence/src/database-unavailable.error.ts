/** The database is away, or could not do the work just now: the same work may succeed later. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly transient = true;

  constructor(cause: unknown) {
    super(`the database could not do it now: ${textOf(cause)}`, { cause });
  }
}

/**
 * By SQLSTATE class: connection lost (08), transaction to be repeated (40), out of resources (53), lock not available
 * or cancelled by a timeout (55, 57), trouble of its machine (58); by Node's code for what did not reach the server.
 * The name of a container that is being started again is not known for a moment.
 */
export function isUnavailable(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string')
    return /Connection terminated|connection timeout|timeout exceeded|read timeout|not queryable/i.test(
      textOf(error),
    );
  return (
    /^(08|40|53|55P03|57|58)/.test(code) || /^E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_AGAIN|NOTFOUND)/.test(code)
  );
}

function textOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, code } = error as { message?: unknown; code?: unknown };
  return String(message || code);
}
