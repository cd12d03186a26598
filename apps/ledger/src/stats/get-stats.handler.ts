import { GetDestinationStats, type ReplyOf } from '#libs/contracts';
import { messageOf, OnRequest } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Controller, type OnApplicationBootstrap } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { StatsRepository } from './stats.repository.js';

/** Answers for the tallies, and forgets the old ones. */
@Controller()
export class GetStatsHandler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #upkeep = new Upkeep({
    work: () => this.stats.forgetOld(),
    onTrouble: (error, retryInMs) =>
      this.log.warn('tallies.not-forgotten', { reason: messageOf(error), retryInMs }),
  });

  constructor(
    private readonly stats: StatsRepository,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  @OnRequest(GetDestinationStats)
  get(@Payload() { tenantId, destinationId }: GetDestinationStats): Promise<ReplyOf<GetDestinationStats>> {
    return this.stats.of(tenantId, destinationId);
  }
}
