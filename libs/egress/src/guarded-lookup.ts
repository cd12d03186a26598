import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { EgressBlockedError } from './egress-blocked.error.js';
import type { EgressPolicy } from './egress-policy.js';
import { isAddressAllowed } from './judge-address.js';

interface ResolvedAddress {
  address: string;
  family: number;
}

/** All addresses of a name. Rejects as `dns.promises.lookup` does: the error's `code` says why. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemLookup: Lookup = (hostname) => lookup(hostname, { all: true });

/**
 * For `net.connect`, which asks once and connects to nothing but what it is given here: a name that changes its
 * addresses later changes nothing. One bad address among good ones is enough to refuse.
 */
export function guardedLookup(resolve: Lookup, policy: EgressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    const refuse = (error: NodeJS.ErrnoException) => callback(error, []);
    const accept = (addresses: readonly ResolvedAddress[]) => {
      const [first] = addresses;
      if (first === undefined) return refuse(noAddress());
      if (!addresses.every(({ address }) => isAddressAllowed(address, policy)))
        return refuse(new EgressBlockedError());
      return options.all ? callback(null, [...addresses]) : callback(null, first.address, first.family);
    };
    resolve(hostname).then(accept, refuse);
  };
}

function noAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('The name has no address.'), { code: 'ENODATA' });
}
