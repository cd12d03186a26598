import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `condition` gives something, and returns it.
 * @param everyMs how long a look comes after the one before it: where looking takes the time of what is waited for, longer.
 * @throws after `timeoutMs`, saying what was waited for.
 */
// oxlint-disable-next-line max-params -- nearly all calls have two
export async function until<Result>(
  what: string,
  condition: () => Result | undefined | false | Promise<Result | undefined | false>,
  timeoutMs = 10_000,
  everyMs = 10,
): Promise<Result> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > deadlineMs) throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`);
    await delay(everyMs);
  }
}
