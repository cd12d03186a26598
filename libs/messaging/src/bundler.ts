import { bundle } from './bundle.js';
import type { Encoded } from './codec.js';

/** What a bundle holds at most; a larger message travels alone. Of bytes, only those of bodies are counted. */
const limit = { messages: 50, bytes: 64 * 1024 };

interface Open {
  readonly messages: [Encoded, ...Encoded[]];
  bytes: number;
  readonly published: Promise<void>;
  readonly send: () => void;
}

/**
 * Gathers what is published under one routing key in one turn of the event loop, and publishes it as one message: under
 * load that is many, and nothing waits for more to come.
 */
export class Bundler {
  readonly #open = new Map<string, Open>();

  constructor(private readonly publish: (encoded: Encoded, deadlineMs: number) => Promise<void>) {}

  /** Resolves when the broker has confirmed the bundle that the message is in. @throws what `publish` throws. */
  add(encoded: Encoded, deadlineMs: number): Promise<void> {
    const key = `${deadlineMs} ${encoded.routingKey}`;
    const size = encoded.body.length;
    const open = this.#withRoomFor(size, key);
    if (!open) return this.#begin(encoded, key, deadlineMs);
    open.messages.push(encoded);
    open.bytes += size;
    if (open.messages.length === limit.messages) open.send();
    return open.published;
  }

  #withRoomFor(size: number, key: string): Open | undefined {
    const open = this.#open.get(key);
    if (!open || open.bytes + size <= limit.bytes) return open;
    open.send();
    return undefined;
  }

  #begin(encoded: Encoded, key: string, deadlineMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const messages: Open['messages'] = [encoded];
    const send = (): void => {
      clearImmediate(turn);
      this.#open.delete(key);
      resolve(this.publish(bundle(messages), deadlineMs));
    };
    const turn = setImmediate(send);
    this.#open.set(key, { messages, bytes: encoded.body.length, published: promise, send });
    return promise;
  }
}
