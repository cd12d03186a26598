import { messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Announcer } from '../destinations/announcer.js';
import { DestinationsRepository } from '../destinations/destinations.repository.js';
import { retire } from './rotate.js';

const perPass = 1000;

/** Forgets secrets that sign no longer. They have stopped by themselves: nobody waits for this. */
@Injectable()
export class RetireSecrets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #upkeep = new Upkeep({
    work: () => this.pass(),
    onTrouble: (error, retryInMs) =>
      this.log.warn('secrets.not-retired', { reason: messageOf(error), retryInMs }),
  });

  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly announcer: Announcer,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  async pass(): Promise<void> {
    for (const { tenantId, id } of await this.destinations.toRetire(perPass))
      await this.destinations.update(tenantId, id, retire);
    this.announcer.nudge();
  }
}
