import { setImmediate } from 'node:timers/promises';

/** About half a millisecond of comparisons. */
const spentPerTurn = 20_000;

/**
 * Gives other work of the process a turn, heartbeats to RabbitMQ among it, whenever routing has spent so much since the
 * last one. Ordinary events come to it once in many batches.
 */
export class Turns {
  #spent = 0;

  /** @param spent in comparisons of filters, or what takes as long. @returns whether a turn is due. */
  isDue(spent: number): boolean {
    this.#spent += spent;
    return this.#spent >= spentPerTurn;
  }

  async give(): Promise<void> {
    this.#spent = 0;
    await setImmediate();
  }
}
