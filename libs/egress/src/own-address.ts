import ipaddr from 'ipaddr.js';

/** Where this installation itself is reached. */
export interface OwnAddress {
  /** As a parsed URL has it, without a dot at the end: a name, or an address in brackets or not. */
  readonly hostname: string;
  readonly ports: readonly number[];
}

interface OwnAddresses {
  readonly ownAddresses: readonly OwnAddress[];
}

const defaultPorts: readonly number[] = [80, 443];

/** @returns undefined when the text is not an http or https URL. */
export function parseOwnUrl(text: string): OwnAddress | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  // A public name is usually served on both default ports.
  return { hostname: withoutDot(url.hostname), ports: url.port === '' ? defaultPorts : [Number(url.port)] };
}

/** Whether a parsed URL leads to this installation, judged by its text. */
export function isOwnUrl(url: URL, policy: OwnAddresses): boolean {
  const hostname = withoutDot(url.hostname);
  const port = portOf(url);
  const isNamed = policy.ownAddresses.some((own) => own.hostname === hostname && own.ports.includes(port));
  return isNamed || isOwnAddress(hostname, port, policy);
}

/**
 * Whether an address with a port is this installation. Only own URLs with an address count: behind the addresses of an
 * own name there may be many other names. Each address of loopback stands for all of them.
 */
export function isOwnAddress(text: string, port: number, { ownAddresses }: OwnAddresses): boolean {
  const address = canonical(text);
  return (
    address !== undefined &&
    ownAddresses.some(({ hostname, ports }) => ports.includes(port) && canonical(hostname) === address)
  );
}

export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/** An address by which the same one is always written alike; undefined for a name. */
function canonical(hostname: string): string | undefined {
  const text = hostname.replace(/^\[|\]$/g, '');
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  const range = address.range();
  // A connection to the unspecified address is one to loopback.
  return range === 'loopback' || range === 'unspecified' ? 'loopback' : address.toNormalizedString();
}

function withoutDot(hostname: string): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}
