import { isIP } from 'node:net';
import type { EgressPolicy } from './egress-policy.js';
import { isAddressAllowed } from './judge-address.js';
import { judgeName } from './judge-name.js';
import { isOwnUrl } from './own-address.js';

/**
 * What of a URL's text is not allowed. `host` says neither which address nor why, so that a tenant learns nothing of the
 * operator's network.
 */
export type UrlDenial =
  | 'characters'
  | 'fragment'
  | 'host'
  | 'malformed'
  | 'no_scheme'
  | 'own_address'
  | 'port'
  | 'scheme'
  | 'too_long'
  | 'userinfo';

export type UrlVerdict = { verdict: 'allow'; url: URL } | { verdict: 'deny'; reason: UrlDenial };

const MAX_URL_LENGTH = 2048;
const defaultPortOf: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** What the parser would strip or repair without a word, so that a person reads one URL and the program another. */
const suspicious = /[\s\p{Cc}\\]/u;
/** `localhost:9000/x` has none: before its colon is a host, and behind it a port. */
const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))/i;
const hasImpossiblePort = /^[a-z]+:\/\/[^/?#]*:\d+(?:[/?#]|$)/i;
const wellFormed = /^[a-z][a-z0-9+.-]*:\/\/(?<authority>[^/?#]+)/i;

/**
 * All that can be said of a destination from the text of its URL. What its name resolves to is judged on every
 * connection. The URL that is allowed is normalised: lower case, punycode, no dot at the end of the name.
 */
export function judgeUrl(text: string, policy: EgressPolicy): UrlVerdict {
  if (text.length > MAX_URL_LENGTH) return deny('too_long');
  const denial = judgeText(text);
  if (denial !== undefined) return deny(denial);
  const url = URL.parse(text);
  if (url === null) return deny(hasImpossiblePort.test(text) ? 'port' : 'malformed');
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  const reason = judgeParts(url, policy);
  return reason === undefined ? { verdict: 'allow', url } : deny(reason);
}

function judgeText(text: string): UrlDenial | undefined {
  if (suspicious.test(text)) return 'characters';
  if (!/^https?:/i.test(text)) return schemeDenialOf(text);
  const authority = wellFormed.exec(text)?.groups?.['authority'];
  if (authority === undefined) return 'malformed';
  if (authority.includes('@')) return 'userinfo';
  return text.includes('#') ? 'fragment' : undefined;
}

function schemeDenialOf(text: string): UrlDenial {
  return hasScheme.test(text) ? 'scheme' : 'no_scheme';
}

function judgeParts(url: URL, policy: EgressPolicy): UrlDenial | undefined {
  if (url.href.length > MAX_URL_LENGTH) return 'too_long';
  if (isOwnUrl(url, policy)) return 'own_address';
  if (url.protocol === 'http:' && !policy.allowHttp) return 'scheme';
  if (!isPortAllowed(url, policy)) return 'port';
  return judgeHost(url.hostname, policy);
}

function isPortAllowed({ port, protocol }: URL, { allowedPorts }: EgressPolicy): boolean {
  const number = port === '' ? defaultPortOf[protocol] : Number(port);
  return number !== undefined && number !== 0 && (allowedPorts === 'all' || allowedPorts.includes(number));
}

function judgeHost(hostname: string, policy: EgressPolicy): UrlDenial | undefined {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (isIP(literal) !== 0) return isAddressAllowed(literal, policy) ? undefined : 'host';
  return judgeName(hostname, policy);
}

function deny(reason: UrlDenial): UrlVerdict {
  return { verdict: 'deny', reason };
}
