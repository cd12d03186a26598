import { BrokerUnavailableError } from './errors.js';

/**
 * Waits for the broker, but not for ever. What was begun goes on unheard.
 * @throws BrokerUnavailableError with `failure` as its message.
 */
export async function withinDeadline<Result>(
  coming: Promise<Result>,
  deadlineMs: number,
  failure: () => string,
): Promise<Result> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new BrokerUnavailableError(failure())), deadlineMs);
  coming.catch(() => undefined);
  try {
    return await Promise.race([coming, expired]);
  } finally {
    clearTimeout(timer);
  }
}
