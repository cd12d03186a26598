import ipaddr from 'ipaddr.js';
import { parseCidr, type Cidr, type EgressPolicy } from './egress-policy.js';
import { isOwnAddress } from './own-address.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Where clouds hand out credentials to whoever asks from inside: never open, whatever the operator allows. All of
 * link-local for AWS, ECS, EKS, GCP, Azure and others; then Azure's wire server, Alibaba, Oracle, AWS and GCP on IPv6.
 */
const metadataNetworks = networks([
  '169.254.0.0/16',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
]);

/** Addresses of the public Internet are in here; ipaddr.js calls much else in IPv6 unicast, `::127.0.0.1` for one. */
const globalUnicastV6 = networks(['2000::/3']);

/** IPv6 networks which carry an IPv4 address, and the byte it starts at: mapped, compatible, NAT64, 6to4. */
const carriers = [
  { networks: networks(['::ffff:0:0/96', '::/96', '64:ff9b::/96', '64:ff9b:1::/48']), offset: 12 },
  { networks: networks(['2002::/16']), offset: 2 },
];

/** @returns whether a connection to this address may be opened. Text that is not an address may not. */
export function isAddressAllowed(text: string, policy: Pick<EgressPolicy, 'allowedCidrs'>): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (isIn(address, metadataNetworks) || carriesMetadata(address)) return false;
  return isPublic(address) || isIn(address, policy.allowedCidrs);
}

/** @returns whether a connection to this address and port may be opened. */
export function isReachable(text: string, port: number, policy: EgressPolicy): boolean {
  return isAddressAllowed(text, policy) && !isOwnAddress(text, port, policy);
}

function isPublic(address: Address): boolean {
  return address.range() === 'unicast' && (isV4(address) || isIn(address, globalUnicastV6));
}

function carriesMetadata(address: Address): boolean {
  if (isV4(address)) return false;
  const carrier = carriers.find((candidate) => isIn(address, candidate.networks));
  if (carrier === undefined) return false;
  const bytes = address.toByteArray().slice(carrier.offset, carrier.offset + 4);
  return isIn(ipaddr.fromByteArray(bytes), metadataNetworks);
}

function isIn(address: Address, cidrs: readonly Cidr[]): boolean {
  return cidrs.some((cidr) => cidr[0].kind() === address.kind() && address.match(cidr));
}

function isV4(address: Address): address is ipaddr.IPv4 {
  return address.kind() === 'ipv4';
}

function networks(texts: readonly string[]): Cidr[] {
  return texts.map(parseCidr).filter((cidr): cidr is Cidr => cidr !== undefined);
}
