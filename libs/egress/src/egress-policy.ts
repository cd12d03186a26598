import ipaddr from 'ipaddr.js';
import type { OwnAddress } from './own-address.js';

export type Cidr = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** What this installation's operator lets destinations be. */
export interface EgressPolicy {
  allowHttp: boolean;
  /** Addresses that are not public and yet allowed, for destinations inside the operator's own network. */
  allowedCidrs: readonly Cidr[];
  allowedPorts: 'all' | readonly number[];
  /** This installation's own: a webhook to one would publish an event again. */
  ownAddresses: readonly OwnAddress[];
}

export const defaultPorts: readonly number[] = [80, 443, 8080, 8443];

export const strictPolicy: EgressPolicy = {
  allowHttp: false,
  allowedCidrs: [],
  allowedPorts: defaultPorts,
  ownAddresses: [],
};

/** @returns undefined when the text is not a network in CIDR notation: `10.0.0.0/8`, `fd00::/8`. */
export function parseCidr(text: string): Cidr | undefined {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return ipaddr.IPv4.parseCIDR(text);
  return ipaddr.IPv6.isValidCIDR(text) ? ipaddr.IPv6.parseCIDR(text) : undefined;
}

export function parsePort(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535 ? port : undefined;
}
