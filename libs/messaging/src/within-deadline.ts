/**
 * Waits, but not for ever. What was begun goes on unheard, and keeps no process alive.
 * @throws what `late` gives.
 */
export async function withinDeadline<Result>(
  coming: Promise<Result>,
  deadlineMs: number,
  late: () => Error,
): Promise<Result> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), deadlineMs).unref();
  try {
    return await Promise.race([coming, expired]);
  } finally {
    clearTimeout(timer);
  }
}
