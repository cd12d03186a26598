import { DeliveryAttempted } from '#libs/contracts';
import { OnBatch } from '#libs/messaging';
import { DropErased } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { AlertsConfig } from '../alerts.config.js';
import { CarryOut } from './carry-out.js';
import type { Policy } from './decide.js';
import { HealthRepository } from './health.repository.js';

/** Fewer and fuller batches: nobody waits for a judgement. */
const watchWaitMs = 100;

@Controller()
export class WatchDestinationHandler {
  readonly #policy: Policy;

  constructor(
    private readonly health: HealthRepository,
    private readonly decisions: CarryOut,
    config: AlertsConfig,
  ) {
    this.#policy = {
      disableAfterMs: config.AUTO_DISABLE_AFTER,
      recoveredAfterFailures: config.RECOVERED_AFTER_FAILURES,
    };
  }

  /** Counts and decides, commits, and only then acts: what a crash cuts short is done when the reports come again. */
  @OnBatch(DeliveryAttempted, { batchSize: 200, batchWaitMs: watchWaitMs })
  async watch(@Payload(DropErased) attempts: DeliveryAttempted[]): Promise<void> {
    if (attempts.length === 0) return;
    for (const todo of await this.health.take(attempts, this.#policy)) await this.decisions.carryOut(todo);
  }
}
