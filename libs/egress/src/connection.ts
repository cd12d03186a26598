import type { SecureContext } from 'node:tls';
import { Client, type Dispatcher } from 'undici';
import { AnswerHead } from './answer-head.js';
import { portOf } from './own-address.js';
import type { EgressPolicy } from './egress-policy.js';
import { guardedConnector } from './guarded-connector.js';
import { guardedLookup, type Lookup } from './guarded-lookup.js';

export interface ConnectionSettings {
  policy: EgressPolicy;
  lookup: Lookup;
  secureContext: SecureContext;
}

const KEEP_ALIVE_MS = 4_000;
const MAX_KEEP_ALIVE_MS = 15_000;
const MAX_HEADER_BYTES = 16_384;

/** At most one socket to one origin, opened when it is first needed and again when the other side has closed it. */
export class Connection {
  /** Whether it is the name's addresses that are being waited for. */
  isResolving = false;
  readonly head = new AnswerHead();
  readonly #client: Client;
  readonly #abandoned = new AbortController();
  #openedAtMs: number | undefined;
  #requests = 0;
  #tenantId: string | undefined;

  constructor(origin: string, { policy, lookup, secureContext }: ConnectionSettings, onClosed: () => void) {
    const connect = guardedConnector({
      policy,
      secureContext,
      lookup: guardedLookup((hostname) => this.#resolve(lookup, hostname), portOf(new URL(origin)), policy),
      onSocket: (socket) => this.head.attachTo(socket),
      signal: this.#abandoned.signal,
    });
    this.#client = new Client(origin, {
      connect,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // idle timers: a byte now and then starts them anew. The exchange has a deadline instead.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#client.on('connect', () => {
      this.#openedAtMs = performance.now();
      this.#requests = 0;
    });
    this.#client.on('disconnect', () => {
      this.#openedAtMs = undefined;
      onClosed();
    });
  }

  get isOpen(): boolean {
    return this.#openedAtMs !== undefined;
  }

  get ageMs(): number {
    return this.#openedAtMs === undefined ? 0 : performance.now() - this.#openedAtMs;
  }

  /** @param tenantId whose lookup it is if the connection has to be opened. */
  send(
    request: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    tenantId: string | undefined,
  ): void {
    this.#tenantId = tenantId;
    this.#client.dispatch(request, handler);
  }

  /** To be called when a request is about to be written. @returns whether the socket has served one before. */
  beginRequest(): boolean {
    this.head.expect();
    this.#requests += 1;
    return this.#requests > 1;
  }

  /** At once, whatever it is doing, be it resolving or connecting. */
  async destroy(): Promise<void> {
    const destroyed = this.#client.destroy();
    this.#abandoned.abort();
    await destroyed;
  }

  async #resolve(lookup: Lookup, hostname: string): ReturnType<Lookup> {
    this.isResolving = true;
    try {
      return await lookup(hostname, { tenantId: this.#tenantId, signal: this.#abandoned.signal });
    } finally {
      this.isResolving = false;
    }
  }
}
