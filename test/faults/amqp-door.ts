import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type ConfirmChannel, connect } from 'amqplib';

const reconnectMs = 100;

/**
 * A publisher's side of the broker door: connects again whenever the connection goes. One over which a confirm does not
 * come in time is given up: what is published again over the same one would stand behind the first copy, and the broker
 * get all of them at once when it goes on.
 */
export class AmqpDoor {
  #channel: ConfirmChannel | undefined;
  #closing = false;
  #close: (() => void) | undefined;
  readonly #connected = Promise.withResolvers<void>();

  constructor(private readonly url: () => string) {
    void this.#keepConnected();
  }

  /** Resolves when it is connected for the first time. */
  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  /** @throws if the broker has not confirmed in time, or is away. */
  publish(tenantId: string, body: string, deadlineMs: number): Promise<void> {
    const channel = this.#channel;
    if (!channel) return Promise.reject(new Error('no connection'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const late = new Error('no confirm in time');
        reject(late);
        socketOf(channel)?.destroy(late);
      }, deadlineMs);
      const settle = (error: unknown): void => {
        clearTimeout(timer);
        if (error) reject(new Error('not confirmed'));
        else resolve();
      };
      channel.publish('posthorn.ingest', tenantId, Buffer.from(body), { persistent: true }, settle);
    });
  }

  stop(): void {
    this.#closing = true;
    this.#close?.();
  }

  async #keepConnected(): Promise<void> {
    while (!this.#closing) {
      try {
        await this.#live();
      } catch {
        // Tried again.
      }
      this.#channel = undefined;
      await delay(reconnectMs);
    }
  }

  async #live(): Promise<void> {
    const connection = await connect(this.url(), { timeout: 2000 });
    const gone = new Promise<void>((resolve) => connection.on('close', () => resolve()));
    connection.on('error', () => undefined);
    this.#close = () => void connection.close().catch(() => undefined);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    this.#channel = channel;
    this.#connected.resolve();
    await gone;
  }
}

/** amqplib's types do not tell of it. */
function socketOf({ connection }: ConfirmChannel): Duplex | undefined {
  return (connection as { stream?: Duplex }).stream;
}
