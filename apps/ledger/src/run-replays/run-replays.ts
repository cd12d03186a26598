import { backoffMs, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { ReplayStepsRepository } from './replay-steps.repository.js';

const idleMs = 200;

/** Takes replays on until none is left, and looks for new ones: one question to a small index. */
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
      let waitMs = idleMs;
      try {
        const isBusy = await this.steps.step();
        failures = 0;
        if (isBusy) continue;
      } catch (error) {
        waitMs = backoffMs(failures++);
        this.log.warn('replay.waiting', { reason: messageOf(error), retryInMs: waitMs });
      }
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
