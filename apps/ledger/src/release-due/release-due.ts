import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryRequested } from '#libs/contracts';
import { AmqpClient, backoffMs, messageOf } from '#libs/messaging';
import { counter, Log } from '#libs/observability';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LedgerConfig } from '../ledger.config.js';
import { hasWokenLanes, untilLanesWake } from '../lanes/wake-lanes.js';
import { hurryReports } from '../record-wait.js';
import { type Released, ReleaseDueRepository } from './release-due.repository.js';

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
/** What another process writes into the timetable is found this late at most. */
const latestMs = 2000;
/** A timer that ends a little early is not to find that nothing is due yet. */
const clockStepMs = 1;

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
      try {
        const pass = await this.due.release((requests) => this.#send(requests));
        failures = 0;
        this.#tellOf(pass);
        // Later than that is no room that a report makes: it is a destination's rate, or the next probe of a circuit.
        if (pass.roomInMs <= this.#atRestMs) hurryReports();
        if (!pass.more) await this.#rest(pass);
      } catch (error) {
        const retryInMs = backoffMs(failures++);
        this.log.warn('release.waiting', { reason: messageOf(error), retryInMs });
        await this.#pause(retryInMs);
      }
    }
  }

  #tellOf({ lost }: Released): void {
    lostPayloads.inc(lost);
    if (lost > 0) this.log.error('release.payload-lost', { deliveries: lost });
  }

  get #atRestMs(): number {
    return this.config.RELEASE_INTERVAL_MS * slowerAtRest;
  }

  /**
   * Where nothing is due for longer, Postgres is not asked again before that, unless something is given a time meanwhile:
   * then it is looked for, and for a while again and again, as it may not be committed yet.
   */
  async #rest({ roomInMs, dueInMs }: Released): Promise<void> {
    const soonestMs = Math.min(Math.max(roomInMs, this.config.RELEASE_INTERVAL_MS), this.#atRestMs);
    const soonestAtMs = performance.now() + soonestMs;
    const woken = AbortSignal.any([this.#stopping.signal, untilLanesWake()]);
    if (!hasWokenLanes())
      await this.#pause(Math.max(soonestMs, Math.min(dueInMs + clockStepMs, latestMs)), woken);
    await this.#pause(soonestAtMs - performance.now());
  }

  async #pause(forMs: number, signal = this.#stopping.signal): Promise<void> {
    if (forMs > 0) await delay(forMs, undefined, { signal }).catch(() => undefined);
  }
}
