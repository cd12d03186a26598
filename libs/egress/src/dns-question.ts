import { Resolver } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ResolvedAddress } from './guarded-lookup.js';

/** c-ares doubles the time for the second try: 2 s and 4 s for each name server. */
const tryTimeoutMs = 2_000;
const tries = 2;
/** How long one family of addresses is waited for when the other one is there: some servers ignore AAAA. */
const otherFamilyMs = 300;

export interface DnsAnswer {
  readonly addresses: readonly ResolvedAddress[];
  /** The least of the records. */
  readonly ttlMs: number;
}

export interface DnsQuestion {
  /** Rejects with a DnsError. */
  readonly answer: Promise<DnsAnswer>;
  /** Ends the question at once, as if no server had answered. */
  cancel(): void;
}

/** A name has no address, or no name server said so in time. */
export class DnsError extends Error {
  override readonly name = 'DnsError';
  readonly code = 'DNS_FAILED';

  /** @param reason the code of c-ares. */
  constructor(readonly reason: string) {
    super(`The name has no address: ${reason}.`);
  }
}

interface Record {
  readonly address: string;
  readonly ttl: number;
}

/**
 * Asks for the A and the AAAA records of a name. Each question has a resolver of its own: it can be cancelled without
 * harm to others, and reads /etc/resolv.conf as it is now.
 */
export function questionTo(hostname: string, servers?: readonly string[]): DnsQuestion {
  const resolver = new Resolver({ timeout: tryTimeoutMs, tries });
  if (servers) resolver.setServers(servers);
  const answer = combined([
    recordsOf(resolver.resolve4(hostname, { ttl: true }), 4),
    recordsOf(resolver.resolve6(hostname, { ttl: true }), 6),
  ]).finally(() => resolver.cancel());
  return { answer, cancel: () => resolver.cancel() };
}

type Family = { readonly answer: DnsAnswer } | { readonly code: string };

async function recordsOf(asked: Promise<readonly Record[]>, family: number): Promise<Family> {
  try {
    const records = await asked;
    const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1000;
    return { answer: { addresses: records.map(({ address }) => ({ address, family })), ttlMs } };
  } catch (error) {
    return { code: codeOf(error) };
  }
}

/** The addresses of both families, IPv4 first: a machine without IPv6 then loses no time. */
async function combined([v4, v6]: readonly [Promise<Family>, Promise<Family>]): Promise<DnsAnswer> {
  const done = new AbortController();
  const results = await Promise.all([atMostAfter(v6, v4, done.signal), atMostAfter(v4, v6, done.signal)]);
  done.abort();
  const answers = results.flatMap((result) => ('answer' in result ? [result.answer] : []));
  const codes = results.flatMap((result) => ('code' in result ? [result.code] : []));
  if (answers.length === 0) throw new DnsError(codes.find((code) => code !== 'ENODATA') ?? 'ENODATA');
  return {
    addresses: answers.flatMap(({ addresses }) => addresses),
    ttlMs: Math.min(...answers.map(({ ttlMs }) => ttlMs)),
  };
}

/** What there is of a family, or that it is late: the other one has addresses for a while. */
async function atMostAfter(
  other: Promise<Family>,
  family: Promise<Family>,
  signal: AbortSignal,
): Promise<Family> {
  const late = other.then(async (result) => {
    if (!('answer' in result)) return family;
    await delay(otherFamilyMs, undefined, { signal, ref: false });
    return { code: 'ETIMEOUT' };
  });
  return Promise.race([family, late]);
}

/** By shape: an error of Node's core is another realm's Error under Jest. */
function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && Reflect.get(error, 'code');
  return typeof code === 'string' ? code : 'UNKNOWN';
}
