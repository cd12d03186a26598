import type { Dispatcher } from 'undici';
import type { FailureClass } from './classify-failure.js';
import type { EgressPolicy } from './egress-policy.js';
import type { Connection } from './connection.js';
import { type Ending, Exchange } from './exchange.js';
import { makeSecureContext } from './guarded-connector.js';
import type { Lookup } from './guarded-lookup.js';
import { judgeUrl } from './judge-url.js';
import { NameResolver } from './name-resolver.js';
import { OriginPool, type PoolSettings } from './origin-pool.js';
import type { OutgoingPost, PostResult } from './post-result.js';
import { wireHeaders } from './wire-headers.js';

const MAX_SOCKET_AGE_MS = 45_000;
const MAX_CONNECTIONS_PER_ORIGIN = 8;

export interface EgressOptions {
  policy: EgressPolicy;
  lookup?: Lookup;
  /** Name servers for the names of destinations; those of /etc/resolv.conf if there are none. */
  nameServers?: readonly string[];
  /** Certificates (PEM) of authorities to trust beside those that Node trusts. */
  trustedAuthorities?: readonly string[];
  /** No request starts on a socket that is older. Idle ones close within 15 s more: none gets older than 60 s. */
  maxSocketAgeMs?: number;
  /** 8 if not given. Who posts more at once waits for one of them. */
  maxConnectionsPerOrigin?: number;
  /** Receives an error of a request that has no failure class of its own; the attempt is a `protocol_error`. */
  onUnknownFailure?: (error: unknown) => void;
}

interface Sending {
  request: Dispatcher.DispatchOptions;
  post: OutgoingPost;
  startedAtMs: number;
}

/** The only way out: whatever leaves Posthorn for an outside address is posted here. */
export class Egress {
  readonly #policy: EgressPolicy;
  readonly #settings: PoolSettings;
  readonly #onUnknownFailure: (error: unknown) => void;
  readonly #pools = new Map<string, OriginPool>();

  constructor({
    policy,
    lookup,
    nameServers,
    trustedAuthorities,
    onUnknownFailure,
    ...limits
  }: EgressOptions) {
    this.#policy = policy;
    this.#onUnknownFailure = onUnknownFailure ?? (() => undefined);
    this.#settings = {
      policy,
      lookup: lookup ?? new NameResolver({ servers: nameServers }).lookup,
      secureContext: makeSecureContext(trustedAuthorities),
      maxSocketAgeMs: limits.maxSocketAgeMs ?? MAX_SOCKET_AGE_MS,
      maxConnections: limits.maxConnectionsPerOrigin ?? MAX_CONNECTIONS_PER_ORIGIN,
    };
  }

  /**
   * Follows no redirect. Waits its turn when all connections to the origin are taken; the deadline counts from then on.
   * A kept connection that ends before the first byte of an answer is replaced once, and the request sent again on the
   * fresh one, as part of the same post.
   */
  async post(post: OutgoingPost): Promise<PostResult> {
    post.signal?.throwIfAborted();
    const judged = judgeUrl(post.url, this.#policy);
    if (judged.verdict === 'deny') return notTried('egress_blocked');
    const headers = wireHeaders(post.headers);
    if (headers === undefined) return notTried('request_invalid');

    const { origin, pathname, search } = judged.url;
    const request = { method: 'POST', path: pathname + search, headers, body: post.body };
    const pool = this.#poolOf(origin);
    let connection = pool.take() ?? (await pool.wait(post.signal));
    const startedAtMs = performance.now();
    let ending: Ending | undefined;
    try {
      ending = await this.#exchange({ request, post, startedAtMs }, connection);
      if (ending.isStale) {
        connection = pool.replace(connection);
        ending = await this.#exchange({ request, post, startedAtMs }, connection);
      }
      return ending.result;
    } finally {
      pool.giveBack(connection, ending?.isReusable ?? false);
    }
  }

  async #exchange({ request, post, startedAtMs }: Sending, connection: Connection): Promise<Ending> {
    const { signal, timeoutMs, tenantId } = post;
    signal?.throwIfAborted();
    const exchange = new Exchange({ connection, startedAtMs, onUnknownFailure: this.#onUnknownFailure });
    const leftMs = startedAtMs + timeoutMs - performance.now();
    const deadline = setTimeout(() => exchange.expire(), Math.max(1, leftMs));
    const onAbort = () => exchange.cancel(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    try {
      connection.send(request, exchange, tenantId);
      return await exchange.ending;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Cuts off what is still going on: wait for your posts first. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #poolOf(origin: string): OriginPool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const pool: OriginPool = new OriginPool(origin, this.#settings, () => this.#forget(origin, pool));
    this.#pools.set(origin, pool);
    return pool;
  }

  #forget(origin: string, pool: OriginPool): void {
    if (this.#pools.get(origin) === pool) this.#pools.delete(origin);
  }
}

function notTried(errorClass: FailureClass): PostResult {
  return { result: 'failed', errorClass, durationMs: 0 };
}
