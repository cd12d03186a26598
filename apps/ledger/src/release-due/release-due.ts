import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryRequested } from '#libs/contracts';
import { AmqpClient, backoffMs, messageOf } from '#libs/messaging';
import { counter, Log } from '#libs/observability';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LedgerConfig } from '../ledger.config.js';
import { hurryReports } from '../record-wait.js';
import { ReleaseDueRepository } from './release-due.repository.js';

const released = counter({
  name: 'posthorn_deliveries_released_total',
  help: 'Deliveries that were due and were sent to the dispatchers: retries, what was held, what was over a limit.',
});

const lostPayloads = counter({
  name: 'posthorn_deliveries_payload_lost_total',
  help: 'Deliveries that were given up because the broker lost their event before its payload was in the books.',
});

/**
 * Where nothing waits for room, the next look is so many times later at most. Each costs several statements: those that
 * become due one by one go together.
 */
const slowerAtRest = 5;

/** Looks at the timetable again and again, and sends what is due. */
@Injectable()
export class ReleaseDue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly due: ReleaseDueRepository,
    private readonly client: AmqpClient,
    private readonly config: LedgerConfig,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #send(requests: readonly DeliveryRequested[]): Promise<void> {
    await this.client.confirmAll(requests);
    released.inc(requests.length);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      let waitMs = this.config.RELEASE_INTERVAL_MS;
      try {
        const { more, lost, roomInMs } = await this.due.release((requests) => this.#send(requests));
        failures = 0;
        const atRestMs = waitMs * slowerAtRest;
        // Later than that is no room that a report makes: it is a destination's rate, or the next probe of a circuit.
        if (roomInMs <= atRestMs) hurryReports();
        waitMs = Math.min(Math.max(roomInMs, waitMs), atRestMs);
        lostPayloads.inc(lost);
        if (lost > 0) this.log.error('release.payload-lost', { deliveries: lost });
        if (more) continue;
      } catch (error) {
        waitMs = backoffMs(failures++);
        this.log.warn('release.waiting', { reason: messageOf(error), retryInMs: waitMs });
      }
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
