import { Problem } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';
import { PublishShares } from './publish-shares.js';

const queue = 'router.route-event';
const askEveryMs = 100;
/** Bundles that wait for the routers, beside those that routers have in hand. */
const queueLength = { short: 2, long: 10 };
/** How many bundles tenants with a large share may publish until the next answer. */
const pace = { slowest: 2, fastest: 100 };
/** A bundle is full with so many messages, or bytes. */
const bundle = { messages: 50, bytes: 64 * 1024 };

interface Waiting {
  readonly bundles: number;
  readonly begin: () => void;
}

/**
 * Keeps the routers' queue short, in which all tenants wait in one order: a tenant that publishes more than others
 * publishes no faster than the routers route. The pace is halved while messages wait and grows by half while none do.
 * All others go on at once.
 */
@Injectable()
export class RoutingBrake {
  readonly #shares = new PublishShares();
  readonly #waiting = new Set<Waiting>();
  #pace = pace.fastest;
  #left = pace.fastest;
  #askedAtMs = -Infinity;
  #isAsking = false;
  #willAsk = false;

  constructor(
    private readonly client: AmqpClient,
    private readonly config: GatewayConfig,
  ) {}

  /**
   * @returns undefined if the event may be published now, else what resolves when it may.
   * @throws Problem `rate_limited`, as a rejection, if it could not be within `PUBLISH_TIMEOUT_MS`.
   */
  hold(tenantId: string, bytes: number): Promise<void> | undefined {
    const bundles = Math.max(1 / bundle.messages, bytes / bundle.bytes);
    this.#shares.note(tenantId, bundles);
    this.#askSoon();
    if (!this.#shares.isLarge(tenantId)) return undefined;
    if (this.#left <= 0 || this.#waiting.size > 0) return this.#wait(bundles);
    this.#left -= bundles;
    return undefined;
  }

  #wait(bundles: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(
          new Problem(
            'rate_limited',
            'The routers are behind, and this tenant publishes more than others. Publish the event again later.',
          ),
        );
      }, this.config.PUBLISH_TIMEOUT_MS);
      const waiting: Waiting = {
        bundles,
        begin: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      this.#waiting.add(waiting);
      this.#askLater();
    });
  }

  #askSoon(): void {
    if (performance.now() - this.#askedAtMs >= askEveryMs) this.#ask();
  }

  #askLater(): void {
    if (this.#willAsk) return;
    this.#willAsk = true;
    setTimeout(() => {
      this.#willAsk = false;
      this.#ask();
    }, askEveryMs);
  }

  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAtMs = performance.now();
    void this.client.waitingIn(queue).then((count) => this.#answered(count ?? 0));
  }

  #answered(count: number): void {
    this.#isAsking = false;
    this.#shares.decay(performance.now());
    this.#pace =
      count <= queueLength.short
        ? Math.min(pace.fastest, this.#pace * 1.5)
        : Math.max(pace.slowest, this.#pace / 2);
    this.#left = count > queueLength.long ? 0 : this.#pace;
    for (const waiting of this.#waiting) {
      if (this.#left <= 0) break;
      this.#left -= waiting.bundles;
      waiting.begin();
    }
    if (this.#waiting.size > 0) this.#askLater();
  }
}
