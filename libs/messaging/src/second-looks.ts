import { setTimeout as delay } from 'node:timers/promises';
import type { Incoming } from './queue-consumer.js';

/** Long enough for all that come together, and for what is in hand to end in most cases. */
const gatherMs = 100;

/**
 * Lets the messages that are looked at again run alone: one at a time, before all others, which wait meanwhile. In a
 * random order: a crash counts for all messages in hand, and in the order of the queue those behind the one that
 * causes it would never be handled, and be given up with it.
 */
export class SecondLooks {
  readonly #alone: Incoming[] = [];
  readonly #waiting: Incoming[] = [];
  #running = false;

  constructor(
    private readonly options: {
      readonly alone: (incoming: Incoming) => Promise<void>;
      readonly others: (incoming: Incoming) => void;
      readonly random?: () => number;
    },
  ) {}

  receive(incoming: Incoming, isSecondLook: boolean): void {
    if (isSecondLook) this.#alone.push(incoming);
    else if (this.#running) this.#waiting.push(incoming);
    else this.options.others(incoming);
    if (isSecondLook && !this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    await delay(gatherMs);
    for (let next = this.#pick(); next !== undefined; next = this.#pick()) {
      if (next.isLost()) continue;
      await this.options.alone(next);
      // Or the crash of the next one could take this one's ack with it.
      await next.acksHeard();
    }
    this.#running = false;
    for (const incoming of this.#waiting.splice(0)) if (!incoming.isLost()) this.options.others(incoming);
  }

  #pick(): Incoming | undefined {
    const { random = Math.random } = this.options;
    return this.#alone.splice(Math.floor(random() * this.#alone.length), 1)[0];
  }
}
