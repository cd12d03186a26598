import { setTimeout as delay } from 'node:timers/promises';
import type { ParkedMessage } from '#libs/contracts';
import { backoffMs } from './backoff.js';
import { HandlerTimeoutError, isMarkedTransient } from './errors.js';
import { type ParkedCopy, readParked } from './parked-copy.js';
import type { Publisher } from './publisher.js';
import { putBack } from './put-back.js';
import type { Incoming } from './queue-consumer.js';
import type { ParkedQueue } from './topology-plan.js';
import { withinDeadline } from './within-deadline.js';

const publishDeadlineMs = 10_000;
/** An error that passes by itself is soon over; any other may need a new version. */
const maxRetryMs = { passing: 5000, other: 60_000 };

export interface CollectorOptions {
  readonly from: ParkedQueue;
  readonly handler: (parked: ParkedMessage, incoming: Incoming) => Promise<unknown>;
  readonly publisher: Publisher;
  readonly log: {
    lookedAtAgain(queue: string, parked: ParkedMessage): void;
    waiting(queue: string, error: unknown, retryInMs: number): void;
  };
  readonly timeoutMs: number;
  readonly stopping: AbortSignal;
}

/**
 * Hands on what is in a parked queue; a message that was given up after its consumers had died goes back once, to be
 * handled alone. What fails here has nowhere to be parked: it is kept in hand and tried again, ever less often.
 */
export class Collector {
  constructor(private readonly options: CollectorOptions) {}

  async process(incoming: Incoming): Promise<void> {
    const { from, log, stopping } = this.options;
    for (let failures = 0; !stopping.aborted && !incoming.isLost(); failures++) {
      try {
        await this.#settle(readParked(incoming.message, from), incoming);
        return;
      } catch (error) {
        const retryInMs = backoffMs(
          failures,
          isMarkedTransient(error) ? maxRetryMs.passing : maxRetryMs.other,
        );
        log.waiting(from.name, error, retryInMs);
        await delay(retryInMs, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
    incoming.leave();
  }

  async #settle({ parked, isFirstDeath }: ParkedCopy, incoming: Incoming): Promise<void> {
    const { from, handler, publisher, log, timeoutMs } = this.options;
    if (isFirstDeath) {
      log.lookedAtAgain(from.name, parked);
      await publisher.publish(putBack(parked, { secondLook: true }), publishDeadlineMs);
    } else {
      await withinDeadline(
        handler(parked, incoming),
        timeoutMs,
        () => new HandlerTimeoutError(`the handler did not finish within ${timeoutMs / 1000} s`),
      );
    }
    incoming.ack();
  }
}
