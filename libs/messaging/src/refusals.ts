/** What a user's rights to publish depend on. */
interface Address {
  readonly exchange: string;
  readonly routingKey: string;
}

const rememberMs = 60_000;

/**
 * RabbitMQ closes the channel on which a message is published without the right to, and all that waits for a confirm on
 * it is written again. Here the address that was refused is found, so that its messages fail and no others do: while
 * several are suspected, messages are written one at a time.
 */
export class Refusals {
  readonly #suspected = new Set<string>();
  readonly #refusedUntilMs = new Map<string, number>();

  /** Whether one message may be on the channel at a time only. */
  get isProbing(): boolean {
    return this.#suspected.size > 0;
  }

  /** For a minute after a refusal; then the rights may have changed. */
  isRefused(address: Address, nowMs: number = Date.now()): boolean {
    if (this.#refusedUntilMs.size === 0) return false;
    const key = keyOf(address);
    const untilMs = this.#refusedUntilMs.get(key);
    if (untilMs === undefined) return false;
    if (nowMs < untilMs) return true;
    this.#refusedUntilMs.delete(key);
    return false;
  }

  /** The channel was closed for lack of rights while these were on it. */
  closedWith(written: readonly Address[], nowMs: number = Date.now()): void {
    const keys = new Set(written.map(keyOf));
    if (keys.size > 1) {
      for (const key of keys) this.#suspected.add(key);
      return;
    }
    for (const key of keys) {
      this.#refusedUntilMs.set(key, nowMs + rememberMs);
      this.#suspected.delete(key);
    }
  }

  /** A message to this address was confirmed or given up: it is no longer suspected. */
  settled(address: Address): void {
    if (this.#suspected.size > 0) this.#suspected.delete(keyOf(address));
  }
}

function keyOf({ exchange, routingKey }: Address): string {
  return `${exchange} ${routingKey}`;
}
