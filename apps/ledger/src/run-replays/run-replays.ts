import { backoffMs, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { ReplayStepsRepository } from './replay-steps.repository.js';

/** A replay that has to wait, or that another process has in hand, is not looked at again sooner. */
const soonestMs = 200;
/** A new replay is found this late at most. */
const latestMs = 1000;

/** Takes replays on until none is left, and looks for new ones: one statement that asks a small index. */
@Injectable()
export class RunReplays implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly steps: ReplayStepsRepository,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      let waitMs: number;
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
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
