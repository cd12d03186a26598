import { backoffMs, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { ReplayStepsRepository } from './replay-steps.repository.js';

/** A replay that has to wait, or that another process has in hand, is not looked at again sooner. */
const soonestMs = 200;
/** A replay that another process has made, and did not take on before it died, is found this late at most. */
const latestMs = 5000;

/** Takes replays on until none is left, and looks for new ones: one statement that asks a small index. */
@Injectable()
export class RunReplays implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #isStopping = false;
  #woken = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly steps: ReplayStepsRepository,
    private readonly log: Log,
  ) {}

  /** A replay was made. */
  wake(): void {
    this.#woken.abort();
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#isStopping;) {
      let waitMs: number;
      // Before the look: what is made during it is looked for once more.
      this.#woken = new AbortController();
      try {
        const nextInMs = await this.steps.nextInMs();
        const isBusy = nextInMs <= 0 && (await this.steps.step());
        failures = 0;
        if (isBusy) continue;
        waitMs = Math.min(Math.max(nextInMs, soonestMs), latestMs);
      } catch (error) {
        waitMs = backoffMs(failures++);
        this.log.warn('replay.waiting', { reason: messageOf(error), retryInMs: waitMs });
      }
      await delay(waitMs, undefined, { signal: this.#woken.signal }).catch(() => undefined);
    }
  }
}
