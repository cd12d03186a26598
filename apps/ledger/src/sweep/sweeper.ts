import { type EventAccepted, partitionOf } from '#libs/contracts';
import { AmqpClient, messageOf } from '#libs/messaging';
import { counter, Log } from '#libs/observability';
import { Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LedgerConfig } from '../ledger.config.js';
import { SweepRepository } from './sweep.repository.js';

/** 0 as long as the broker keeps what it has confirmed. */
const repairs = counter(
  {
    name: 'posthorn_sweeper_repairs_total',
    help: 'What was sent again because nothing had come of it: events not routed, deliveries not reported.',
    labels: ['kind'],
  },
  [{ kind: 'event' }, { kind: 'delivery' }],
);

/**
 * Sends again what the broker has lost. While messages wait in a queue what is in it is not lost, however long it has
 * been there.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #upkeep: Upkeep;

  constructor(
    private readonly books: SweepRepository,
    private readonly client: AmqpClient,
    private readonly config: LedgerConfig,
    private readonly log: Log,
  ) {
    this.#upkeep = new Upkeep({
      work: () => this.#sweep(),
      intervalMs: config.SWEEP_INTERVAL_MS,
      onTrouble: (error, retryInMs) => log.warn('sweep.waiting', { reason: messageOf(error), retryInMs }),
    });
  }

  onApplicationBootstrap(): void {
    void this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  async #sweep(): Promise<void> {
    const afterMs = this.config.SWEEP_AFTER;
    const publish = (events: EventAccepted[]): Promise<void> => this.client.confirmAll(events);
    if (await this.#areEmpty('router.route-event', 'ledger.record-routing'))
      this.#note('event', await this.books.repeatUnrouted(afterMs, publish));
    if (await this.#areEmpty('ledger.record-attempt', 'ledger.postpone-delivery'))
      this.#note('delivery', await this.books.repeatUnreported(afterMs, this.#isInNoQueue()));
  }

  async #areEmpty(...queues: readonly string[]): Promise<boolean> {
    const answers = await Promise.all(queues.map((queue) => this.client.isEmpty(queue)));
    return answers.every(Boolean);
  }

  /** Each queue is asked once for a sweep. */
  #isInNoQueue(): (destinationId: string) => Promise<boolean> {
    const asked = new Map<number, Promise<boolean>>();
    return (destinationId) => {
      const partition = partitionOf(destinationId);
      const answer = asked.get(partition) ?? this.client.isEmpty(`dispatcher.deliver-event.p${partition}`);
      asked.set(partition, answer);
      return answer;
    };
  }

  #note(kind: 'event' | 'delivery', count: number): void {
    if (count === 0) return;
    repairs.inc({ kind }, count);
    this.log.warn('sweep.repaired', { kind, count });
  }
}
