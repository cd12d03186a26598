import { setTimeout as delay } from 'node:timers/promises';

const hourMs = 3_600_000;
const afterTroubleMs = 60_000;

export interface UpkeepOptions {
  readonly work: () => Promise<void>;
  /** An hour if not given; asked after each time where it changes. */
  readonly intervalMs?: number | (() => number);
  readonly onTrouble: (error: unknown, retryInMs: number) => void;
}

/**
 * Does something at the start and then every hour, or at most a minute after it failed: what fails is told and never thrown.
 * By chance up to a tenth earlier, so that several processes do not come in step.
 */
export class Upkeep {
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly options: UpkeepOptions) {}

  /** Resolves when it has been done, or has failed, for the first time. */
  async start(): Promise<void> {
    const waitMs = await this.#pass();
    this.#running = this.#run(waitMs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(firstWaitMs: number): Promise<void> {
    const { signal } = this.#stopping;
    let waitMs = firstWaitMs;
    while (await elapsed(waitMs, signal)) waitMs = await this.#pass();
  }

  get #intervalMs(): number {
    const { intervalMs = hourMs } = this.options;
    return typeof intervalMs === 'number' ? intervalMs : intervalMs();
  }

  /** @returns how long to wait for the next one. */
  async #pass(): Promise<number> {
    try {
      await this.options.work();
      return jittered(this.#intervalMs);
    } catch (error) {
      const retryInMs = jittered(Math.min(afterTroubleMs, this.#intervalMs));
      this.options.onTrouble(error, retryInMs);
      return retryInMs;
    }
  }
}

/** @returns false if it was stopped before. */
function elapsed(waitMs: number, signal: AbortSignal): Promise<boolean> {
  return delay(waitMs, true, { signal }).catch(() => false);
}

function jittered(fullMs: number): number {
  return Math.round(fullMs * (1 - Math.random() / 10));
}
