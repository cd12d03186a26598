import { messageOf } from '#libs/messaging';
import { counter, gauge, Log } from '#libs/observability';
import { Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LedgerConfig } from '../ledger.config.js';
import { ParkedBoundsRepository, type Removed } from './bounds.repository.js';

const intervalMs = 60_000;
/** After so large a part of what may be kept was added, the bound is enforced before more is added. */
const partAtOnce = 1 / 16;

const removed = counter(
  {
    name: 'posthorn_dead_letters_removed_total',
    help: 'Dead letters that were deleted by the ledger: older than DEAD_LETTER_RETENTION, or beyond MAX_DEAD_LETTER_BYTES.',
    labels: ['reason'],
  },
  [{ reason: 'expired' }, { reason: 'over_limit' }],
);

const size = gauge({
  name: 'posthorn_dead_letters_bytes',
  help: 'Bytes of the dead letters that are kept, bodies and headers, at most a minute old; every ledger shows the same.',
});

const limit = gauge({
  name: 'posthorn_dead_letters_limit_bytes',
  help: 'How many bytes of dead letters are kept at most: MAX_DEAD_LETTER_BYTES.',
});

/** Keeps the dead letters within their age and size. While it cannot, nothing else stops. */
@Injectable()
export class BoundParked implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #upkeep: Upkeep;
  #addedBytes = 0;
  #enforcing: Promise<void> | undefined;

  constructor(
    private readonly bounds: ParkedBoundsRepository,
    private readonly config: LedgerConfig,
    private readonly log: Log,
  ) {
    limit.set(config.MAX_DEAD_LETTER_BYTES);
    this.#upkeep = new Upkeep({
      work: () => this.enforce(),
      intervalMs,
      onTrouble: (error, retryInMs) =>
        log.warn('dead-letters.not-bounded', { reason: messageOf(error), retryInMs }),
    });
  }

  onApplicationBootstrap(): void {
    void this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  /** To be awaited by whatever adds a dead letter: those that come faster than they can be bounded wait here. */
  async added(bytes: number): Promise<void> {
    this.#addedBytes += bytes;
    if (this.#addedBytes > this.config.MAX_DEAD_LETTER_BYTES * partAtOnce) await this.enforce();
  }

  /** One pass at a time. */
  enforce(): Promise<void> {
    return (this.#enforcing ??= this.#enforce().finally(() => (this.#enforcing = undefined)));
  }

  async #enforce(): Promise<void> {
    this.#addedBytes = 0;
    this.#note('expired', await this.bounds.removeOlderThan(this.config.DEAD_LETTER_RETENTION));
    this.#note('over_limit', await this.bounds.removeBeyond(this.config.MAX_DEAD_LETTER_BYTES));
    size.set(await this.bounds.bytes());
  }

  #note(reason: 'expired' | 'over_limit', { messages, bytes }: Removed): void {
    if (messages === 0) return;
    removed.inc({ reason }, messages);
    this.log.warn('dead-letters.removed', { reason, count: messages, bytes });
  }
}
