import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import { backoffMs } from './backoff.js';
import type { BrokerConnection } from './broker-connection.js';
import { BrokerUnavailableError, isForbidden, PublishRefusedError, UnroutableError } from './errors.js';
import { sent } from './publisher-metrics.js';
import { Refusals } from './refusals.js';
import { withinDeadline } from './within-deadline.js';

export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options?: Options.Publish;
}

interface Pending {
  readonly outgoing: Outgoing;
  readonly messageId: string;
  readonly settle: (error?: Error) => void;
  writtenAtMs: number;
  returned: boolean;
}

const confirmSilenceMs = 10_000;
const declareDeadlineMs = 30_000;
const closeDeadlineMs = 1000;
/** What may wait for confirms at once. */
export const publishLimit = { messages: 20_000, bytes: 64 * 1024 * 1024 };

/**
 * Publishes with confirms, `mandatory` and persistent. What is not confirmed when a connection goes is written again
 * on the next one, until its deadline; a broker that says nothing for 10 s is given up for the next.
 */
export class Publisher {
  readonly #pending = new Map<string, Pending>();
  /** What is pending and not written to the present channel. */
  #waiting = new Map<string, Pending>();
  #pendingBytes = 0;
  #channel: ConfirmChannel | undefined;
  #writable = false;
  #lastConfirmMs = 0;
  #sequence = 0;
  #onDrained: (() => void) | undefined;
  readonly #firstChannel = Promise.withResolvers<void>();
  #closed = false;
  readonly #refusals = new Refusals();
  /** While anything is pending. */
  #watchdog: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly processId: string,
    private readonly hooks: {
      /** Makes sure that what is published is heard: run before each channel. */
      readonly prepare: (model: ChannelModel) => Promise<void>;
      readonly onTrouble: (error: unknown) => void;
    },
  ) {
    connection.on('up', (model) => void this.#open(model));
    connection.on('blocked', () => (this.#writable = false));
    connection.on('unblocked', () => this.#resume());
  }

  get isReady(): boolean {
    return this.#channel !== undefined;
  }

  /** What waits for the broker's confirm. */
  get pending(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.#pending.size, bytes: this.#pendingBytes };
  }

  /** Resolves when it can publish for the first time. */
  get opened(): Promise<void> {
    return this.#firstChannel.promise;
  }

  /**
   * Resolves when the broker has confirmed the message, that is, when quorum queues have it.
   * @throws BrokerUnavailableError not confirmed within `deadlineMs`, or too much is waiting already. It may still
   *   have been stored: publish it again under the same ids.
   * @throws UnroutableError no queue took it.
   * @throws PublishRefusedError this service's user may not publish there.
   */
  publish(outgoing: Outgoing, deadlineMs: number): Promise<void> {
    if (this.#closed) return Promise.reject(new BrokerUnavailableError('shutting down'));
    if (this.#refusals.isRefused(outgoing)) return Promise.reject(new PublishRefusedError(outgoing));
    const { messages, bytes } = publishLimit;
    if (this.#pending.size >= messages || this.#pendingBytes + outgoing.body.length > bytes) {
      sent(0, 'window_full');
      return Promise.reject(new BrokerUnavailableError('too many messages wait for the broker'));
    }
    const startedAtMs = performance.now();
    return new Promise((resolve, reject) => {
      const messageId = `${this.processId}-${++this.#sequence}`;
      const settle = (error?: Error): void => {
        if (!this.#pending.delete(messageId)) return;
        clearTimeout(timer);
        this.#waiting.delete(messageId);
        this.#pendingBytes -= outgoing.body.length;
        if (this.#pending.size === 0) this.#drained();
        if (this.#refusals.isProbing) this.#pumpAfter(outgoing);
        sent((performance.now() - startedAtMs) / 1000, error?.name);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(
        () => settle(new BrokerUnavailableError(`no confirm within ${deadlineMs} ms`)),
        deadlineMs,
      );
      const pending = { outgoing, messageId, settle, writtenAtMs: 0, returned: false };
      this.#pending.set(messageId, pending);
      this.#pendingBytes += outgoing.body.length;
      this.#waiting.set(messageId, pending);
      this.#watchdog ??= setInterval(() => this.#checkSilence(), 1000).unref();
      this.#pump();
    });
  }

  /** For replies: if it is lost, the asker's deadline tells. */
  publishUnconfirmed({ exchange, routingKey, body, options }: Outgoing): void {
    if (this.#channel && this.#writable) this.#channel.publish(exchange, routingKey, body, options);
  }

  /** @returns when nothing is pending any more, at most after the pending messages' deadlines. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#onDrained = resolve));
    const closed = this.#channel?.close().catch(() => undefined);
    // A broker that stands still does not answer.
    await Promise.race([closed, delay(closeDeadlineMs, undefined, { ref: false })]);
  }

  async #open(model: ChannelModel): Promise<void> {
    for (let failures = 0; this.connection.model === model; failures++) {
      try {
        await withinDeadline(
          this.hooks.prepare(model),
          declareDeadlineMs,
          () => new BrokerUnavailableError('the queues were not declared in time'),
        );
        this.#use(model, await model.createConfirmChannel());
        return;
      } catch (error) {
        this.hooks.onTrouble(error);
        // A broker that is there and does not answer: perhaps another node does.
        if (error instanceof BrokerUnavailableError) this.connection.drop();
        else await delay(backoffMs(failures));
      }
    }
  }

  #use(model: ChannelModel, channel: ConfirmChannel): void {
    let isRefused = false;
    channel.on('error', (error) => {
      isRefused = isForbidden(error);
      this.hooks.onTrouble(error);
    });
    channel.on('return', ({ properties }) => this.#markReturned(String(properties.messageId)));
    channel.on('drain', () => this.#resume());
    channel.on('close', () => {
      if (this.#channel !== channel) return;
      this.#channel = undefined;
      this.#writable = false;
      const written = this.#written;
      this.#waiting = new Map(this.#pending);
      if (isRefused) this.#refuse(written);
      if (!this.#closed || this.#pending.size > 0) void this.#open(model);
    });
    this.#channel = channel;
    this.#firstChannel.resolve();
    this.#resume();
  }

  get #written(): Outgoing[] {
    const written = [...this.#pending].filter(([messageId]) => !this.#waiting.has(messageId));
    return written.map(([, { outgoing }]) => outgoing);
  }

  #refuse(written: readonly Outgoing[]): void {
    this.#refusals.closedWith(written);
    for (const { outgoing, settle } of this.#pending.values())
      if (this.#refusals.isRefused(outgoing)) settle(new PublishRefusedError(outgoing));
  }

  #pumpAfter(settled: Outgoing): void {
    this.#refusals.settled(settled);
    this.#pump();
  }

  #resume(): void {
    this.#writable = this.#channel !== undefined && !this.connection.isBlocked;
    this.#pump();
  }

  #pump(): void {
    for (const [messageId, pending] of this.#waiting) {
      if (!this.#writable) return;
      if (this.#refusals.isProbing && this.#pending.size > this.#waiting.size) return;
      this.#waiting.delete(messageId);
      this.#write(pending);
    }
  }

  #write(pending: Pending): void {
    const { outgoing, messageId } = pending;
    pending.writtenAtMs = Date.now();
    pending.returned = false;
    const channel = this.#channel;
    try {
      this.#writable =
        channel?.publish(
          outgoing.exchange,
          outgoing.routingKey,
          outgoing.body,
          { persistent: true, mandatory: true, messageId, ...outgoing.options },
          (error: unknown) => this.#confirmed(pending, channel, error),
        ) ?? false;
    } catch (error) {
      // Nothing was written: amqplib throws while encoding, for instance on headers over 64 KiB.
      pending.settle(error as Error);
    }
  }

  #confirmed(pending: Pending, channel: ConfirmChannel | undefined, error: unknown): void {
    if (error) {
      // Also how a closing channel fails its confirms, just before it says that it closed: those are written again.
      setImmediate(() => {
        if (this.#channel === channel) {
          pending.settle(new BrokerUnavailableError('the broker refused the message: a queue is full'));
        }
      });
      return;
    }
    this.#lastConfirmMs = Date.now();
    if (!pending.returned) pending.settle();
    else pending.settle(new UnroutableError(`no queue takes ${pending.outgoing.routingKey}`));
  }

  /** A message that brought its own id may share it with another one: then both are taken to be returned. */
  #markReturned(messageId: string): void {
    const pending = this.#pending.get(messageId);
    if (pending) pending.returned = true;
    else
      for (const other of this.#pending.values())
        if (other.outgoing.options?.messageId === messageId) other.returned = true;
  }

  #drained(): void {
    clearInterval(this.#watchdog);
    this.#watchdog = undefined;
    this.#onDrained?.();
  }

  /** A publisher on an isolated node looks healthy for ever, and never gets its confirms. */
  #checkSilence(): void {
    const oldest = this.#pending.values().next().value;
    if (!oldest?.writtenAtMs || this.connection.isBlocked) return;
    const silentSince = Math.max(this.#lastConfirmMs, oldest.writtenAtMs);
    if (Date.now() - silentSince > confirmSilenceMs) this.connection.drop();
  }
}
