import { setTimeout as delay } from 'node:timers/promises';
import type { RunningPosthorn } from '#libs/testing';
import type { AmqpDoor } from './amqp-door.js';
import { hashOf, type Intent } from './journal.js';
import { pickType as pickTypeOfRow } from './world.js';

export interface LoadOptions {
  readonly posthorn: Pick<RunningPosthorn, 'call'>;
  readonly amqp: AmqpDoor;
  readonly tenantIds: readonly string[];
  readonly random: () => number;
  readonly perSecond: number;
  /** Of the events of `run`; as the rows of the matrix have it unless it is given. */
  readonly pickType?: (random: () => number) => string;
}

const tickMs = 10;
const publishDeadlineMs = 8000;
/** A careful publisher waits longer each time, so that an outage of minutes does not end in a flood. */
const retryMs = { first: 250, longest: 4000 };

/**
 * Publishes at a constant rate, whatever becomes of it, half over HTTP and half over AMQP. What is not acknowledged is
 * published again under the same id until it is, as a careful publisher does.
 */
export class Load {
  readonly intents: Intent[] = [];
  readonly #open = new Set<Promise<void>>();

  constructor(private readonly options: LoadOptions) {}

  /** Until `end`. */
  async run(end: AbortSignal): Promise<void> {
    const { perSecond, tenantIds, random, pickType = pickTypeOfRow } = this.options;
    const startedAt = performance.now();
    for (let begun = 0; !end.aborted;) {
      const elapsedMs = performance.now() - startedAt;
      const due = Math.floor((elapsedMs / 1000) * perSecond);
      while (begun < due) {
        begun++;
        this.publish(tenantIds[Math.floor(random() * tenantIds.length)] ?? '', pickType(random));
      }
      await delay(tickMs);
    }
  }

  /** Everything is acknowledged. @throws if it is not in time. */
  async settled(deadlineMs: number): Promise<void> {
    const late = delay(deadlineMs, 'late', { ref: false });
    if ((await Promise.race([Promise.all(this.#open), late])) === 'late')
      throw new Error(`${this.#open.size} publishes were not acknowledged within ${deadlineMs / 1000} s`);
  }

  publish(tenantId: string, eventType: string): void {
    const { random } = this.options;
    const number = this.intents.length;
    const data = `{"number":${number}.0,"pad":"${'x'.repeat(Math.floor(random() * 600))}"}`;
    const hash = hashOf(data);
    const eventId = `${tenantId}-${number}-${hash}`;
    const intent: Intent = {
      eventId,
      tenantId,
      eventType,
      door: number % 2 ? 'amqp' : 'http',
      hash,
      tries: 0,
      begunAtMs: Date.now(),
    };
    this.intents.push(intent);
    const body = `{"id":"${eventId}","type":"${eventType}","data":${data}}`;
    const publishing = this.#publish(intent, body).finally(() => this.#open.delete(publishing));
    this.#open.add(publishing);
  }

  async #publish(intent: Intent, body: string): Promise<void> {
    while (intent.acknowledgedAtMs === undefined && intent.wrongAnswer === undefined) {
      intent.tries++;
      const isAcknowledged =
        intent.door === 'http' ? this.#overHttp(intent, body) : this.#overAmqp(intent, body);
      if (await isAcknowledged) intent.acknowledgedAtMs = Date.now();
      else await delay(Math.min(retryMs.first * 2 ** (intent.tries - 1), retryMs.longest));
    }
  }

  async #overHttp(intent: Intent, body: string): Promise<boolean> {
    try {
      const path = `/tenants/${intent.tenantId}/events`;
      const { status, headers } = await this.options.posthorn.call('POST', path, body);
      if (status !== 202 && status !== 503) intent.wrongAnswer = String(status);
      if (status === 503 && !headers.has('retry-after')) intent.wrongAnswer = '503 without Retry-After';
      return status === 202;
    } catch {
      return false;
    }
  }

  async #overAmqp(intent: Intent, body: string): Promise<boolean> {
    try {
      await this.options.amqp.publish(intent.tenantId, body, publishDeadlineMs);
      return true;
    } catch {
      return false;
    }
  }
}
