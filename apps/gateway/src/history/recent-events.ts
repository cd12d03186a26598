import { setTimeout as delay } from 'node:timers/promises';
import { isProblem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

interface EventKey {
  readonly tenantId: string;
  readonly eventId: string;
}

const maxKept = 20_000;
const firstWaitMs = 25;
const deadlineMs = 1000;
/** More callers than these are answered at once: waiting costs a request to the ledger each time. */
const maxWaiting = 100;

/** The events that this gateway accepted last. Their record in the history may be on its way. */
@Injectable()
export class RecentEvents {
  readonly #accepted = new LRUCache<string, true>({ max: maxKept });
  #waiting = 0;

  note(event: EventKey): void {
    this.#accepted.set(keyOf(event), true);
  }

  /**
   * Reads an event, again for up to a second while an event that was accepted here is not found.
   * @throws Problem `not_found`, and whatever else `read` throws.
   */
  async read<Found>(event: EventKey, read: () => Promise<Found>): Promise<Found> {
    const untilMs = performance.now() + deadlineMs;
    for (let waitMs = firstWaitMs; ; waitMs *= 2) {
      try {
        return await read();
      } catch (error) {
        const isLate = performance.now() + waitMs > untilMs;
        if (!isNotFound(error) || isLate || !this.#mayBeRecorded(event)) throw error;
      }
      this.#waiting++;
      await delay(waitMs);
      this.#waiting--;
    }
  }

  #mayBeRecorded(event: EventKey): boolean {
    return this.#waiting < maxWaiting && this.#accepted.has(keyOf(event));
  }
}

function keyOf({ tenantId, eventId }: EventKey): string {
  return `${tenantId}\n${eventId}`;
}

function isNotFound(error: unknown): boolean {
  return isProblem(error) && error.code === 'not_found';
}
