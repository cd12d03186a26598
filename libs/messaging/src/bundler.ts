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

export interface Leaving {
  /** How long the broker has to confirm. */
  readonly deadlineMs: number;
  /** How long after the bundle before it a bundle leaves at the earliest. */
  readonly everyMs: number;
}

/**
 * Gathers what is published under one routing key and publishes it as one message. The first leaves with what comes in
 * the same turn of the event loop, and what comes soon after it waits for the next one: publishers that have little to
 * say never wait, and those that have much send few messages, each as full as can be.
 */
export class Bundler {
  readonly #open = new Map<string, Open>();
  /** When the last bundle left, by routing key and deadline: a publisher has a few of these. */
  readonly #leftAtMs = new Map<string, number>();

  constructor(private readonly publish: (encoded: Encoded, deadlineMs: number) => Promise<void>) {}

  /** Resolves when the broker has confirmed the bundle that the message is in. @throws what `publish` throws. */
  add(encoded: Encoded, leaving: Leaving): Promise<void> {
    const key = `${leaving.deadlineMs} ${encoded.routingKey}`;
    const size = encoded.body.length;
    const open = this.#withRoomFor(size, key);
    if (!open) return this.#begin(encoded, key, leaving);
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

  #begin(encoded: Encoded, key: string, { deadlineMs, everyMs }: Leaving): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const messages: Open['messages'] = [encoded];
    const send = (): void => {
      callOff();
      this.#open.delete(key);
      this.#leftAtMs.set(key, performance.now());
      resolve(this.publish(bundle(messages), deadlineMs));
    };
    const leftAtMs = this.#leftAtMs.get(key) ?? -Infinity;
    const callOff = soon(send, leftAtMs + everyMs - performance.now());
    this.#open.set(key, { messages, bytes: encoded.body.length, published: promise, send });
    return promise;
  }
}

/** In this turn of the event loop if there is nothing to wait for. @returns what calls it off. */
function soon(action: () => void, waitMs: number): () => void {
  if (waitMs > 0) {
    const timer = setTimeout(action, waitMs);
    return () => clearTimeout(timer);
  }
  const turn = setImmediate(action);
  return () => clearImmediate(turn);
}
