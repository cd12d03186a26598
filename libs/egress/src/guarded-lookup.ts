import type { LookupFunction } from 'node:net';
import { EgressBlockedError } from './egress-blocked.error.js';
import type { EgressPolicy } from './egress-policy.js';
import { isReachable } from './judge-address.js';

export interface ResolvedAddress {
  address: string;
  family: number;
}

export interface LookupOptions {
  /** Whose outstanding lookups this one counts among. */
  tenantId: string | undefined;
  /** Ends the lookup when no caller waits for its answer any more. */
  signal: AbortSignal;
}

/** All addresses of a name. Rejects with an error whose `code` is the reason. */
export type Lookup = (hostname: string, options: LookupOptions) => Promise<readonly ResolvedAddress[]>;

/**
 * For `net.connect`, which asks once and connects to nothing but what it is given here: a name that changes its
 * addresses later changes nothing. One bad address among good ones is enough to refuse.
 */
export function guardedLookup(
  resolve: (hostname: string) => ReturnType<Lookup>,
  port: number,
  policy: EgressPolicy,
): LookupFunction {
  return (hostname, options, callback) => {
    const refuse = (error: NodeJS.ErrnoException) => callback(error, []);
    const accept = (addresses: readonly ResolvedAddress[]) => {
      const [first] = addresses;
      if (first === undefined) return refuse(noAddress());
      if (!addresses.every(({ address }) => isReachable(address, port, policy)))
        return refuse(new EgressBlockedError());
      return options.all ? callback(null, [...addresses]) : callback(null, first.address, first.family);
    };
    resolve(hostname).then(accept, refuse);
  };
}

function noAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('The name has no address.'), { code: 'ENODATA' });
}
