import { randomUUID } from 'node:crypto';
import { messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AttemptsUnderWay } from './attempts-under-way.js';
import { type Dispatcher, DispatchersRepository, leaseMs } from './dispatchers.repository.js';
import { shareOf } from './share.js';

const beatMs = 1000;
/** Until those that are alive go by one another. */
const changingBeatMs = 250;
/** Shorter than the others wait for us, so that none takes our share while we still use it. */
const ownLeaseMs = leaseMs - 500;

/**
 * This process among those that share the destinations' limits. It has a share only once every other one leaves it
 * that share, and only while it can say that it is alive. A process that comes, goes or freezes may for a moment leave
 * a share unused; none is ever used twice.
 */
@Injectable()
export class Membership implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #processId: string = randomUUID();
  readonly #joined = Promise.withResolvers<void>();
  readonly #upkeep = new Upkeep({
    intervalMs: () => (this.#isSettled ? beatMs : changingBeatMs),
    work: () => this.beat(),
    onTrouble: (error, retryInMs) =>
      this.log.warn('membership.waiting', { reason: messageOf(error), retryInMs }),
  });
  #isMember = false;
  #isSettled = false;
  #validUntilMs = 0;
  /** Whom this process says next that it goes by. */
  #goesBy: ReadonlySet<string> = new Set([this.#processId]);
  /** Among whom the limits are divided: all that are alive, and all that have been told that they are reckoned with. */
  #processes: ReadonlySet<string> = this.#goesBy;

  constructor(
    private readonly dispatchers: DispatchersRepository,
    private readonly underWay: AttemptsUnderWay,
    private readonly log: Log,
  ) {}

  /** Work is taken only after this: until the others know of us, all of it would go back. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#upkeep.start();
    await this.#joined.promise;
  }

  /** By now nothing is under way any more. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
    this.#isMember = false;
    await this.dispatchers
      .leave(this.#processId)
      .catch((error: unknown) => this.log.warn('membership.not-left', { reason: messageOf(error) }));
  }

  /** How many processes share a limit. */
  get processCount(): number {
    return this.#processes.size;
  }

  /** How many attempts at a destination this process may have under way. */
  shareOf(limit: number, destinationId: string): number {
    if (!this.#isMember || performance.now() >= this.#validUntilMs) return 0;
    return this.#shareAmong(this.#processes, limit, destinationId);
  }

  /**
   * Says that this process is alive, and learns who else is.
   * @throws DatabaseUnavailableError
   */
  async beat(): Promise<void> {
    const sentAtMs = performance.now();
    const said = this.#goesBy;
    const self = { processId: this.#processId, goesBy: [...said] };
    const isRenewal = this.#isSettled && sentAtMs < this.#validUntilMs;
    const all = await (isRenewal ? this.dispatchers.renew(self) : this.dispatchers.announce(self));
    // By the time the answer is here, the others may have taken this process to be dead.
    if (performance.now() >= this.#validUntilMs) this.#isMember = this.#isSettled = false;
    // Then what was seen while it said so does not show whether they go by it again: that takes a look afterwards.
    if (isRenewal && !this.#isSettled) return;
    this.#goBy(all, said);
    this.#validUntilMs = sentAtMs + ownLeaseMs;
    if (this.#isMember) this.#joined.resolve();
  }

  #goBy(all: readonly Dispatcher[], said: ReadonlySet<string>): void {
    const others = all.filter(({ processId }) => processId !== this.#processId);
    const alive = new Set([this.#processId, ...others.map(({ processId }) => processId)]);
    this.#processes = new Set([...said, ...alive]);
    this.#goesBy = this.#fitsAmong(alive) ? alive : new Set([...said].filter((id) => alive.has(id)));
    // Somebody who has our share, or is to have it, has to know of us first.
    this.#isMember ||= others.every(({ goesBy }) => goesBy.includes(this.#processId));
    this.#isSettled = this.#isMember && said.size === this.#goesBy.size && said.size === this.#processes.size;
  }

  /** What is under way from before may be more than what is left to us: then the newcomer has to wait for its end. */
  #fitsAmong(processes: ReadonlySet<string>): boolean {
    return this.underWay.fit((limit, destinationId) => this.#shareAmong(processes, limit, destinationId));
  }

  #shareAmong(processes: ReadonlySet<string>, limit: number, destinationId: string): number {
    return shareOf(limit, destinationId, { self: this.#processId, processes });
  }
}
