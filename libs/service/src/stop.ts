import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '#libs/messaging';

/** What others than RabbitMQ come in by. */
export interface Door {
  /** For how long it stays open to those who have not heard yet that this process is not ready any more. */
  readonly drainDelayMs: number;
  /** From here on an answer is the last one of its connection. */
  readonly lastCall: () => void;
  /** Takes no more requests, and resolves when those in hand are answered. */
  readonly close: () => Promise<void>;
}

export interface Stopping {
  readonly log: {
    info(name: string, fields: Readonly<Record<string, unknown>>): void;
    error(name: string, fields: Readonly<Record<string, unknown>>): void;
  };
  readonly messages: { readonly inHand: readonly string[]; close(deadlineMs: number): Promise<void> };
  readonly door?: Door;
  /** Ends the background work and closes all connections. */
  readonly close: () => Promise<void>;
  /** Whether the start was over. */
  readonly isUp: boolean;
  readonly deadlines?: Deadlines;
}

interface Deadlines {
  /** What is in hand has until then. */
  readonly finishMs: number;
  /** Everything is over by then. */
  readonly endMs: number;
}

const within30Seconds: Deadlines = { finishMs: 24_000, endMs: 29_000 };
/** For what is closed in the middle of its start, and may be waiting for what it needs: it has begun nothing. */
const closeUnstartedMs = 3000;

/**
 * Stops a service that is not ready any more: no more work, what is in hand to its end, everything closed. Resolves
 * before its deadline whatever hangs, and names that in the log: it was not acknowledged, so somebody else does it again.
 */
export async function stop(stopping: Stopping): Promise<void> {
  const { log, isUp, deadlines = within30Seconds } = stopping;
  const startedAtMs = Date.now();
  const leftMs = (deadlineMs: number): number => Math.max(0, startedAtMs + deadlineMs - Date.now());
  log.info('service.stopping', {});
  const unfinished = await finishInHand(stopping, () => leftMs(deadlines.finishMs));
  const closing = endsWithin(stopping.close(), isUp ? leftMs(deadlines.endMs) : closeUnstartedMs, log);
  if (!(await closing) && isUp) unfinished.push('background work and connections');
  const fields = { durationMs: Date.now() - startedAtMs };
  if (unfinished.length === 0) log.info('service.stopped', fields);
  else log.error('service.stopped', { ...fields, unfinished });
}

/** @returns what did not come to its end. */
async function finishInHand(
  { door, messages, isUp, log }: Stopping,
  leftMs: () => number,
): Promise<string[]> {
  door?.lastCall();
  if (door && isUp) await delay(door.drainDelayMs);
  const [isDoorClosed] = await Promise.all([
    door ? endsWithin(door.close(), leftMs(), log) : true,
    endsWithin(messages.close(leftMs()), leftMs(), log),
  ]);
  return [...(isDoorClosed ? [] : ['requests']), ...messages.inHand];
}

/** Whether it ended in time, be it with an error. */
async function endsWithin(work: Promise<void>, ms: number, log: Stopping['log']): Promise<boolean> {
  const ended = work.then(
    () => true,
    (error: unknown) => {
      log.error('service.stop-failed', { reason: messageOf(error) });
      return true;
    },
  );
  const late = new AbortController();
  const expired = delay(ms, false, { signal: late.signal }).catch(() => false);
  const isEnded = await Promise.race([ended, expired]);
  late.abort();
  return isEnded;
}
