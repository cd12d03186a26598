import { setTimeout as delay } from 'node:timers/promises';
import { create, type EventTypeChanged, ListEventTypeChanges, Problem } from '#libs/contracts';
import { AmqpClient, backoffMs, messageOf } from '#libs/messaging';
import { Log, Readiness } from '#libs/observability';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';

/** How long a change may go unheard, if its announcement is lost. */
const syncIntervalMs = 10_000;

/**
 * The event types as the registry has them. Changes are announced; each gateway also asks again and again what it has
 * missed, and takes no event before it has been answered once. While the registry is away what is known goes on to hold.
 */
@Injectable()
export class EventTypes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #known = new Map<string, EventTypeChanged>();
  readonly #stopping = new AbortController();
  /** All changes up to this one are known; undefined before the first answer. */
  #syncedTo: number | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: AmqpClient,
    private readonly log: Log,
    readiness: Readiness,
  ) {
    readiness.add('event-types', () => this.#syncedTo !== undefined);
  }

  onApplicationBootstrap(): void {
    this.#running = this.#keepSynced();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Changes may come twice and in any order. */
  apply(change: EventTypeChanged): void {
    const known = this.#known.get(change.name);
    if (known === undefined || known.version < change.version) this.#known.set(change.name, change);
  }

  /**
   * @returns undefined if it is not registered.
   * @throws Problem `unavailable` while nothing is known yet.
   */
  find(name: string): EventTypeChanged | undefined {
    this.mustBeKnown();
    const known = this.#known.get(name);
    return known?.deleted === true ? undefined : known;
  }

  /** @throws Problem `unavailable` while nothing is known yet. */
  mustBeKnown(): void {
    if (this.#syncedTo === undefined)
      throw new Problem('unavailable', 'The event types are not known here yet. Try again in a moment.');
  }

  async #keepSynced(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      let waitMs = syncIntervalMs;
      try {
        await this.#sync();
        failures = 0;
      } catch (error) {
        waitMs = Math.min(backoffMs(failures++), syncIntervalMs);
        this.log.warn('event-types.behind', { reason: messageOf(error), retryInMs: waitMs });
      }
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #sync(): Promise<void> {
    for (let after = this.#syncedTo ?? 0; !this.#stopping.signal.aborted;) {
      const { changes, more } = await this.client.ask(create(ListEventTypeChanges, { after }));
      for (const change of changes) this.apply(change);
      after = changes.at(-1)?.version ?? after;
      if (more) continue;
      this.#syncedTo = after;
      return;
    }
  }
}
