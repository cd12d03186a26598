import { setTimeout as delay } from 'node:timers/promises';
import { newId, type WorkQueue } from '#libs/contracts';
import { backoffMs } from './backoff.js';
import { DecodeError, HandlerTimeoutError, isMarkedTransient, messageOf } from './errors.js';
import type { Outcome } from './outcome.js';
import { readMessage } from './read-message.js';
import { withinDeadline } from './within-deadline.js';
import type { Parking } from './parking.js';
import type { Incoming } from './queue-consumer.js';

/** One message, or for a batch handler several, with one outcome each; nothing returned means all are done. */
export type WorkHandler = (
  messages: object[],
  incoming: readonly Incoming[],
) => Promise<readonly Outcome[] | undefined>;

export interface WorkLog {
  parked(queue: string, reason: string, error?: unknown): void;
  waiting(queue: string, error: unknown, retryInMs: number): void;
}

export interface WorkOptions {
  readonly definition: WorkQueue;
  readonly handler: WorkHandler;
  readonly parking: Parking;
  readonly log: WorkLog;
  /** A handler that takes longer than this is taken to hang, and its message is parked. */
  readonly timeoutMs: number;
  readonly stopping: AbortSignal;
}

interface Item {
  readonly message: object;
  readonly incoming: Incoming;
}

/**
 * Handles messages and settles each: acked when the handler is done, parked when it says so, when it throws, or when
 * the message cannot be read. An error that passes by itself is waited out with the message in hand.
 */
export class WorkProcessor {
  constructor(private readonly options: WorkOptions) {}

  async process(batch: readonly Incoming[]): Promise<void> {
    try {
      await this.#process(batch);
    } finally {
      // What was given up.
      for (const incoming of batch) incoming.leave();
    }
  }

  async #process(batch: readonly Incoming[]): Promise<void> {
    const items: Item[] = [];
    for (const incoming of batch) {
      try {
        items.push({ message: readMessage(this.options.definition, incoming.message), incoming });
      } catch (error) {
        if (!isDecodeError(error)) throw error;
        await this.#park(incoming, error.message);
      }
    }
    if (items.length > 0) await this.#handle(items);
  }

  async #handle(items: readonly Item[]): Promise<void> {
    try {
      const outcomes = await this.#untilItPasses(items, () => this.#invoke(items));
      if (outcomes !== 'given up') await this.#settle(items, outcomes ?? []);
    } catch (error) {
      await this.#findCulprit(items, error);
    }
  }

  async #settle(items: readonly Item[], outcomes: readonly Outcome[]): Promise<void> {
    for (const [index, { incoming }] of items.entries()) {
      const outcome = outcomes[index];
      if (outcome) await this.#park(incoming, outcome.park);
      else incoming.ack();
    }
  }

  /** Handled one at a time, only the message that makes the handler throw is parked, and its neighbours go on. */
  async #findCulprit(items: readonly Item[], error: unknown): Promise<void> {
    const [first] = items;
    if (first && items.length === 1) await this.#park(first.incoming, messageOf(error), error);
    else for (const item of items) await this.#handle([item]);
  }

  async #park(incoming: Incoming, reason: string, error?: unknown): Promise<void> {
    this.options.log.parked(incoming.queue, reason, error);
    const id = newId('prk');
    await this.#untilItPasses([{ message: {}, incoming }], () =>
      this.options.parking.park(this.options.definition, incoming, reason, id),
    );
  }

  /** Tries again for as long as the error is one that passes and the messages are still ours. */
  async #untilItPasses<Result>(
    items: readonly Item[],
    work: () => Promise<Result>,
  ): Promise<Result | 'given up'> {
    for (let failures = 0; ; failures++) {
      try {
        return await work();
      } catch (error) {
        if (!isMarkedTransient(error)) throw error;
        const { definition, log, stopping } = this.options;
        const retryInMs = backoffMs(failures);
        log.waiting(definition.name, error, retryInMs);
        await delay(retryInMs, undefined, { signal: stopping }).catch(() => undefined);
        if (stopping.aborted || items.every(({ incoming }) => incoming.isLost())) return 'given up';
      }
    }
  }

  #invoke(items: readonly Item[]): Promise<readonly Outcome[] | undefined> {
    const { handler, timeoutMs } = this.options;
    const handled = handler(
      items.map(({ message }) => message),
      items.map(({ incoming }) => incoming),
    );
    return withinDeadline(
      handled,
      timeoutMs,
      () => new HandlerTimeoutError(`the handler did not finish within ${timeoutMs / 1000} s`),
    );
  }
}

function isDecodeError(error: unknown): error is DecodeError {
  return error instanceof DecodeError;
}
