import type { Dispatcher } from 'undici';
import type { FailureClass } from './classify-failure.js';
import type { Connection } from './connection.js';
import type { EgressPolicy } from './egress-policy.js';
import { Exchange } from './exchange.js';
import { makeSecureContext } from './guarded-connector.js';
import { systemLookup, type Lookup } from './guarded-lookup.js';
import { judgeUrl } from './judge-url.js';
import { OriginPool, type PoolSettings } from './origin-pool.js';
import type { OutgoingPost, PostResult } from './post-result.js';
import { wireHeaders } from './wire-headers.js';

const MAX_SOCKET_AGE_MS = 45_000;
const MAX_CONNECTIONS_PER_ORIGIN = 8;

export interface EgressOptions {
  policy: EgressPolicy;
  lookup?: Lookup;
  /** Certificates (PEM) of authorities to trust beside those that Node trusts. */
  trustedAuthorities?: readonly string[];
  /** No request starts on a socket that is older. Idle ones close within 15 s more: none gets older than 60 s. */
  maxSocketAgeMs?: number;
  /** 8 if not given. Who posts more at once waits for one of them. */
  maxConnectionsPerOrigin?: number;
}

/** The only way out: whatever leaves Posthorn for an outside address is posted here. */
export class Egress {
  readonly #policy: EgressPolicy;
  readonly #settings: PoolSettings;
  readonly #pools = new Map<string, OriginPool>();

  constructor({ policy, lookup = systemLookup, trustedAuthorities, ...limits }: EgressOptions) {
    this.#policy = policy;
    this.#settings = {
      policy,
      lookup,
      secureContext: makeSecureContext(trustedAuthorities),
      maxSocketAgeMs: limits.maxSocketAgeMs ?? MAX_SOCKET_AGE_MS,
      maxConnections: limits.maxConnectionsPerOrigin ?? MAX_CONNECTIONS_PER_ORIGIN,
    };
  }

  /**
   * Follows no redirect and repeats nothing. Waits its turn when all connections to the origin are taken; the deadline
   * counts from then on.
   */
  async post(post: OutgoingPost): Promise<PostResult> {
    post.signal?.throwIfAborted();
    const judged = judgeUrl(post.url, this.#policy);
    if (judged.verdict === 'deny') return notTried('egress_blocked');
    const headers = wireHeaders(post.headers);
    if (headers === undefined) return notTried('request_invalid');

    const { origin, pathname, search } = judged.url;
    const pool = this.#poolOf(origin);
    const connection = pool.take() ?? (await pool.wait(post.signal));
    let isReusable = false;
    try {
      const request = { method: 'POST', path: pathname + search, headers, body: post.body };
      const ending = await perform(request, connection, post);
      isReusable = ending.isReusable;
      return ending.result;
    } finally {
      pool.giveBack(connection, isReusable);
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

async function perform(
  request: Dispatcher.DispatchOptions,
  connection: Connection,
  { timeoutMs, signal }: Pick<OutgoingPost, 'timeoutMs' | 'signal'>,
): Promise<Awaited<Exchange['ending']>> {
  const exchange = new Exchange(connection);
  const deadline = setTimeout(() => exchange.expire(), timeoutMs);
  const onAbort = () => exchange.cancel(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    connection.send(request, exchange);
    return await exchange.ending;
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', onAbort);
  }
}

function notTried(errorClass: FailureClass): PostResult {
  return { result: 'failed', errorClass, durationMs: 0 };
}
