import { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
// Before amqplib, which takes over how tables are decoded when it is loaded.
import './bounded-tables.js';
import { type ChannelModel, connect } from 'amqplib';
import { backoffMs } from './backoff.js';
import { BrokerRefusedError, BrokerUnavailableError, messageOf } from './errors.js';
import { gatherWrites } from './gather-writes.js';

interface ConnectionEvents {
  up: [ChannelModel];
  down: [unknown];
  blocked: [string];
  unblocked: [];
}

const connectTimeoutMs = 5000;
const heartbeatS = 5;
const closeDeadlineMs = 2000;

/**
 * Keeps one connection to one of several brokers: reconnects with jitter for as long as it is not closed, taking the
 * next URL each time. Channels are its users' affair, opened anew at each `up`.
 */
export class BrokerConnection extends EventEmitter<ConnectionEvents> {
  readonly #closing = new AbortController();
  #urlIndex = 0;
  #model: ChannelModel | undefined;
  #blocked = false;
  #finished: Promise<void> = Promise.resolve();

  constructor(
    private readonly urls: readonly string[],
    private readonly name: string,
  ) {
    super();
    // One for each consumer of the process, however many there are.
    this.setMaxListeners(0);
  }

  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** The broker has stopped reading from us: a memory or disk alarm. */
  get isBlocked(): boolean {
    return this.#blocked;
  }

  /**
   * Connects, and keeps connected from here on.
   * @throws BrokerRefusedError on wrong credentials or a missing virtual host.
   * @throws BrokerUnavailableError if no broker answered within `deadlineMs`; it is given up then.
   */
  async open(deadlineMs: number): Promise<void> {
    let lastError: unknown;
    const firstUp = new Promise<void>((resolve, reject) => {
      this.once('up', () => resolve());
      this.on('down', (error) => {
        lastError = error;
        if (isRefusal(error)) reject(new BrokerRefusedError(`RabbitMQ refused us: ${messageOf(error)}`));
      });
    });
    this.#finished = this.#keepConnected();
    const expired = delay(deadlineMs, undefined, { signal: this.#closing.signal, ref: false }).then(() => {
      throw new BrokerUnavailableError(
        `No RabbitMQ answered within ${deadlineMs / 1000} s: ${messageOf(lastError)}`,
      );
    });
    expired.catch(() => undefined);
    try {
      await Promise.race([firstUp, expired]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Gives this connection up, without a word to the broker, and goes on with the next URL. */
  drop(): void {
    // With an error: amqplib does not notice a socket that just closes before its heartbeats are missing.
    if (this.#model) socketOf(this.#model)?.destroy(new Error('the connection was given up'));
  }

  /** Returns soon also when the broker stands still: what comes up later is dropped. */
  async close(): Promise<void> {
    this.#closing.abort();
    const expired = delay(closeDeadlineMs, undefined, { ref: false });
    await Promise.race([this.#model?.close().catch(() => undefined), expired]);
    this.drop();
    await Promise.race([this.#finished, expired]);
  }

  async #keepConnected(): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      try {
        const model = await connect(this.#nextUrl(), {
          timeout: connectTimeoutMs,
          noDelay: true,
          clientProperties: { connection_name: this.name },
        });
        failures = 0;
        await this.#live(model);
      } catch (error) {
        this.emit('down', error);
      }
      await delay(backoffMs(failures++), undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  /** @returns when the connection is gone, for whatever reason. */
  async #live(model: ChannelModel): Promise<void> {
    let cause: unknown = new Error('closed');
    const gone = new Promise<void>((resolve) => {
      model.on('error', (error) => (cause = error));
      model.on('close', () => resolve());
    });
    model.on('blocked', (reason) => {
      this.#blocked = true;
      this.emit('blocked', reason);
    });
    model.on('unblocked', () => {
      this.#blocked = false;
      this.emit('unblocked');
    });
    const socket = socketOf(model);
    if (socket) gatherWrites(socket);
    this.#model = model;
    this.emit('up', model);
    if (this.#closing.signal.aborted) this.drop();
    await gone;
    this.#model = undefined;
    this.#blocked = false;
    if (!this.#closing.signal.aborted) this.emit('down', cause);
  }

  #nextUrl(): string {
    const url = new URL(this.urls[this.#urlIndex++ % this.urls.length] ?? '');
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(heartbeatS));
    return url.toString();
  }
}

/** amqplib's types do not tell of it. */
function socketOf({ connection }: ChannelModel): Writable | undefined {
  return (connection as { stream?: Writable }).stream;
}

/** amqplib gives a refused handshake no code, only these texts: the second is a missing virtual host. */
function isRefusal(error: unknown): boolean {
  return /Handshake terminated by server: 403|Expected ConnectionOpenOk; got <ConnectionClose/.test(
    messageOf(error),
  );
}
