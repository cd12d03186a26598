import { LRUCache } from 'lru-cache';
import { type DnsAnswer, DnsError, type DnsQuestion, questionTo } from './dns-question.js';
import type { Lookup, LookupOptions, ResolvedAddress } from './guarded-lookup.js';
import { Permits } from './permits.js';

const MAX_KEPT_NAMES = 20_000;
/** An answer is kept for the least TTL of its records, but no longer than this. */
const MAX_TTL_MS = 60_000;
/** A failure is kept so that a name without an answer is not a question for each attempt. */
const FAILURE_TTL_MS = 4_000;
/** Shorter where the deadline of an attempt ended the question: the name server may have the answer by then. */
const CANCELLED_TTL_MS = 2_000;
/** Questions of one tenant that may be without an answer at the same time; further ones wait within their deadline. */
const QUESTIONS_PER_TENANT = 8;
/** RFC 6761, section 6.3: such names are loopback, and no name server is asked for them. */
const loopbackName = /(?:^|\.)localhost$/;
const loopback: readonly ResolvedAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

export interface NameResolverOptions {
  /** `address:port` of name servers; those of /etc/resolv.conf if not given. */
  servers?: readonly string[] | undefined;
}

type Kept = { readonly addresses: readonly ResolvedAddress[] } | { readonly error: DnsError };

interface Pending {
  readonly question: DnsQuestion;
  waiting: number;
}

/**
 * Resolves names of destinations by DNS itself and not by `getaddrinfo`, whose four threads are shared by the whole
 * process and cannot be cancelled. One question at a time per name; /etc/hosts and search domains do not count.
 */
export class NameResolver {
  readonly #kept = new LRUCache<string, Kept>({ max: MAX_KEPT_NAMES });
  readonly #pending = new Map<string, Pending>();
  readonly #permits = new Permits(QUESTIONS_PER_TENANT);
  readonly #servers: readonly string[] | undefined;

  constructor({ servers = [] }: NameResolverOptions = {}) {
    this.#servers = servers.length === 0 ? undefined : servers;
  }

  /** Rejects with a DnsError, or with the reason of the signal. */
  readonly lookup: Lookup = async (hostname, options) => {
    if (loopbackName.test(hostname)) return loopback;
    const known = this.#keptOrPending(hostname, options.signal);
    if (known !== undefined) return await known;
    const giveBack = await this.#permits.take(options.tenantId ?? '', options.signal);
    try {
      return await (this.#keptOrPending(hostname, options.signal) ?? this.#ask(hostname, options));
    } finally {
      giveBack();
    }
  };

  #keptOrPending(hostname: string, signal: AbortSignal): Promise<readonly ResolvedAddress[]> | undefined {
    const kept = this.#kept.get(hostname);
    if (kept !== undefined)
      return 'error' in kept ? Promise.reject(kept.error) : Promise.resolve(kept.addresses);
    const pending = this.#pending.get(hostname);
    return pending && this.#join(hostname, pending, signal);
  }

  #ask(hostname: string, { signal }: LookupOptions): Promise<readonly ResolvedAddress[]> {
    const question = questionTo(hostname, this.#servers);
    const pending: Pending = { question, waiting: 0 };
    this.#pending.set(hostname, pending);
    const keep = (value: Kept, ttl: number) => {
      if (this.#pending.get(hostname) === pending) this.#pending.delete(hostname);
      if (ttl > 0) this.#kept.set(hostname, value, { ttl });
    };
    question.answer.then(
      ({ addresses, ttlMs }: DnsAnswer) => keep({ addresses }, Math.min(ttlMs, MAX_TTL_MS)),
      (error: DnsError) => keep({ error }, error.reason === 'ECANCELLED' ? CANCELLED_TTL_MS : FAILURE_TTL_MS),
    );
    return this.#join(hostname, pending, signal);
  }

  /** Waits for the answer or the signal. The question is cancelled when the last one that waits for it has left. */
  async #join(hostname: string, pending: Pending, signal: AbortSignal): Promise<readonly ResolvedAddress[]> {
    const left = Promise.withResolvers<never>();
    const onAbort = () => left.reject(signal.reason);
    pending.waiting += 1;
    signal.addEventListener('abort', onAbort);
    try {
      signal.throwIfAborted();
      return (await Promise.race([pending.question.answer, left.promise])).addresses;
    } finally {
      signal.removeEventListener('abort', onAbort);
      pending.waiting -= 1;
      if (pending.waiting === 0) this.#end(hostname, pending);
    }
  }

  #end(hostname: string, pending: Pending): void {
    if (this.#pending.get(hostname) === pending) this.#pending.delete(hostname);
    pending.question.cancel();
  }
}
