import { isIP } from 'node:net';
import { IsBoolean, ValidateBy } from 'class-validator';
import { ToBoolean, ToList } from '#libs/config';
import { defaultPorts, parseCidr, parsePort, type Cidr, type EgressPolicy } from './egress-policy.js';
import { parseOwnUrl } from './own-address.js';

const EachIsCidr = () =>
  each('networks such as 10.0.0.0/8 or fd00::/8', (item) => parseCidr(item) !== undefined);
const EachIsPort = () =>
  each('port numbers, or * for all', (item) => item === '*' || parsePort(item) !== undefined);

/** Of a list of name servers. */
export const EachIsNameServer = () => each('addresses of name servers, with or without a port', isNameServer);

const EachIsOwnUrl = () => each('http or https URLs', (item) => parseOwnUrl(item) !== undefined);

/** The strict default reaches public HTTPS endpoints and nothing else. */
export class EgressConfig {
  /** Plain http shows the payload to everyone on the way; for development, and inside a trusted network. */
  @ToBoolean()
  @IsBoolean()
  readonly EGRESS_ALLOW_HTTP: boolean = false;

  /** Networks which are not public and may be reached all the same; `none` for none. Cloud metadata addresses stay closed. */
  @ToList()
  @EachIsCidr()
  readonly EGRESS_ALLOW_CIDRS: readonly string[] = [];

  /** Ports a destination may have; `*` is all of them, `none` is none. */
  @ToList()
  @EachIsPort()
  readonly EGRESS_ALLOW_PORTS: readonly string[] = defaultPorts.map(String);

  /**
   * Where this installation itself is reached, comma separated: `https://events.example.com`. Such a host is no
   * destination, whatever the path: a webhook to it would publish an event again. Without a port both default ports count.
   */
  @ToList()
  @EachIsOwnUrl()
  readonly POSTHORN_PUBLIC_URLS: readonly string[] = [];
}

export function egressPolicy(config: EgressConfig): EgressPolicy {
  const ports = config.EGRESS_ALLOW_PORTS;
  return {
    allowHttp: config.EGRESS_ALLOW_HTTP,
    allowedCidrs: config.EGRESS_ALLOW_CIDRS.map(parseCidr).filter((cidr): cidr is Cidr => cidr !== undefined),
    allowedPorts: ports.includes('*') ? 'all' : ports.map(Number),
    ownAddresses: config.POSTHORN_PUBLIC_URLS.map(parseOwnUrl).filter((own) => own !== undefined),
  };
}

function each(what: string, isGood: (item: string) => boolean): PropertyDecorator {
  const validate = (value: unknown) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && isGood(item));
  return ValidateBy({
    name: 'each',
    validator: { validate, defaultMessage: () => `$property must be a comma separated list of ${what}` },
  });
}

const nameServer = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::(?<port>\d+))?$/;

function isNameServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const { v4, v6 = v4, port = '53' } = nameServer.exec(text)?.groups ?? {};
  return v6 !== undefined && isIP(v6) !== 0 && parsePort(port) !== undefined;
}
