import type { EgressPolicy } from './egress-policy.js';

type NameDenial = 'malformed' | 'host';

const MAX_NAME_LENGTH = 253;
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** No webhook is ever here: credentials of a cloud, a network that is not the Internet, names that never resolve. */
const neverAllowed = endingsOf(['metadata.google.internal', 'metadata', 'instance-data', 'onion', 'invalid']);

/**
 * Names that mean something only inside a network. The last four are public names, kept by their owners to point at
 * any private address one likes: saying so when a destination is made is a kindness, the guard is at the connection.
 */
const insideOnly = endingsOf([
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'lan',
  'svc',
  'home.arpa',
  'localtest.me',
  'lvh.me',
  'nip.io',
  'sslip.io',
]);

/**
 * Names of the inside are allowed once the operator has opened any inside address: then they may name only those,
 * because every address they resolve to is judged on connecting.
 */
export function judgeName(name: string, policy: Pick<EgressPolicy, 'allowedCidrs'>): NameDenial | undefined {
  const labels = name.split('.');
  if (name.length > MAX_NAME_LENGTH || !labels.every((part) => label.test(part))) return 'malformed';
  if (neverAllowed.test(name)) return 'host';
  const isInside = labels.length === 1 || insideOnly.test(name);
  return isInside && policy.allowedCidrs.length === 0 ? 'host' : undefined;
}

function endingsOf(names: readonly string[]): RegExp {
  return new RegExp(`(?:^|\\.)(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`);
}
