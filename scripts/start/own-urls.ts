import { hostname, networkInterfaces } from 'node:os';
import { isIPv6 } from 'node:net';

/** The URLs at which gateways on these ports can be reached from this machine: no webhook goes there. */
export function ownUrls(ports: readonly (number | string)[]): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((those) => those ?? []);
  // An address of one link, fe80::/10, means nothing without its interface.
  const reachable = addresses.filter(({ scopeid = 0 }) => scopeid === 0).map(({ address }) => address);
  const hosts = new Set(['localhost', '127.0.0.1', '::1', hostname(), ...reachable]);
  return [...hosts].flatMap((host) =>
    ports.map((port) => `http://${isIPv6(host) ? `[${host}]` : host}:${port}`),
  );
}
