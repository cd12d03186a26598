import { setTimeout as delay } from 'node:timers/promises';
import type { RunningPosthorn } from '#libs/testing';
import { Histogram, type Percentiles } from './histogram.js';

const everyMs = 200;

interface Page {
  readonly data?: readonly { readonly createdAt: string }[];
}

/**
 * Asks the API again and again for the newest delivery that it shows as delivered, and notes how long ago its event was
 * accepted: what history is behind at most, since the time between two events and the delivery itself count too.
 */
export class HistoryWatch {
  readonly #ages = new Histogram();
  #isOn = true;
  readonly #watching: Promise<void>;

  constructor(private readonly posthorn: RunningPosthorn) {
    this.#watching = this.#watch();
    this.#watching.catch(() => undefined);
  }

  async stop(): Promise<Percentiles> {
    this.#isOn = false;
    await this.#watching;
    return this.#ages.summary;
  }

  async #watch(): Promise<void> {
    while (this.#isOn) {
      const { body } = await this.posthorn.call<Page>('GET', '/deliveries?status=delivered&limit=1');
      const newest = body.data?.[0];
      if (newest) this.#ages.record(Date.now() - Date.parse(newest.createdAt));
      await delay(everyMs);
    }
  }
}
