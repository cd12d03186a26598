import { LocalFaultError } from './local-fault.error.js';

const failureClasses = [
  'dns_error',
  'egress_blocked',
  'connect_refused',
  'connect_timeout',
  'tls_untrusted',
  'tls_expired',
  'tls_hostname',
  'tls_protocol',
  'timeout',
  'reset',
  'protocol_error',
  'header_overflow',
  'request_invalid',
] as const;

/** Why there is no answer. */
export type FailureClass = (typeof failureClasses)[number];

const codesOf: Readonly<Partial<Record<FailureClass, readonly string[]>>> = {
  dns_error: [
    'DNS_FAILED',
    'ENOTFOUND',
    'ENODATA',
    'ESERVFAIL',
    'EFORMERR',
    'EREFUSED',
    'EBADNAME',
    'EBADRESP',
    'ETIMEOUT',
  ],
  egress_blocked: ['EGRESS_BLOCKED'],
  connect_refused: [
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EHOSTDOWN',
    'ENETDOWN',
    'EACCES',
    'EPERM',
  ],
  connect_timeout: ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'],
  tls_expired: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CRL_HAS_EXPIRED', 'CRL_NOT_YET_VALID'],
  tls_hostname: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
  tls_untrusted: [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'UNSPECIFIED',
  ],
  tls_protocol: ['EPROTO'],
  reset: ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET'],
  header_overflow: ['ANSWER_HEAD_OVERFLOW', 'UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW'],
  protocol_error: ['ANSWER_STATUS_INVALID', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'HTTPParserError'],
  request_invalid: ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'],
};

const classOf = new Map(
  failureClasses.flatMap((name) => (codesOf[name] ?? []).map((code): [string, FailureClass] => [code, name])),
);

/** Families of codes too long to list, looked at after the table. */
const families: readonly [prefix: string, name: FailureClass][] = [
  ['EAI_', 'dns_error'],
  ['ERR_SSL_', 'tls_protocol'],
  ['ERR_TLS_', 'tls_protocol'],
  ['CERT_', 'tls_untrusted'],
  ['UNABLE_TO_', 'tls_untrusted'],
  ['HPE_', 'protocol_error'],
];

/** This process or its machine is out of something, or the way out is closed. */
const localFaults: ReadonlySet<string> = new Set(
  'EMFILE ENFILE ENOMEM ENOBUFS UND_ERR_DESTROYED UND_ERR_CLOSED'.split(' '),
);

/** @returns what to throw for a failure that is not the endpoint's: it passes, and the request is then repeated. */
export function localFault(error: unknown): LocalFaultError | undefined {
  const code = codeOf(error);
  return code !== undefined && localFaults.has(code) ? new LocalFaultError(code, error) : undefined;
}

/** @returns undefined for a failure that this table does not name. */
export function classifyFailure(error: unknown): FailureClass | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  return classOf.get(code) ?? families.find(([prefix]) => code.startsWith(prefix))?.[1];
}

/**
 * By shape and not by `instanceof`: an error of Node's core is another realm's Error under Jest. The name stands in for
 * the code where there is none, as in undici's parser errors.
 */
function codeOf(error: unknown): string | undefined {
  return text(error, 'code') ?? text(error, 'name');
}

function text(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const property: unknown = Reflect.get(value, name);
  return typeof property === 'string' ? property : undefined;
}
