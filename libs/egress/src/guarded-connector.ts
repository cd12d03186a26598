import { isIP, type LookupFunction, type Socket } from 'node:net';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { EgressBlockedError } from './egress-blocked.error.js';
import type { EgressPolicy } from './egress-policy.js';
import { isReachable } from './judge-address.js';
import { portOf } from './own-address.js';

export interface ConnectorSettings {
  policy: EgressPolicy;
  lookup: LookupFunction;
  secureContext: SecureContext;
  /** Called for each socket before the HTTP client gets it. */
  onSocket: (socket: Socket) => void;
  /** Ends an attempt to connect, and the connection. */
  signal: AbortSignal;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a socket that the policy allows. Three looks, since each sees what the others do not: at the address in the
 * URL, for which `lookup` is not called; at every address of the name, in `lookup`; and at the peer of the socket.
 */
export function guardedConnector({
  policy,
  onSocket,
  ...settings
}: ConnectorSettings): buildConnector.connector {
  const connect = buildConnector({
    ...settings,
    allowH2: false,
    rejectUnauthorized: true,
    timeout: CONNECT_TIMEOUT_MS,
  });
  return (target, callback) => {
    if (isIP(target.hostname) !== 0 && !isReachable(target.hostname, portOf(target), policy)) {
      queueMicrotask(() => callback(new EgressBlockedError(), null));
      return;
    }
    connect(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const refusal = judgePeer(socket, policy);
      if (refusal !== undefined) {
        socket.destroy();
        return callback(refusal, null);
      }
      onSocket(socket);
      return callback(null, socket);
    });
  };
}

/** @param authorities trusted beside those that Node trusts. */
export function makeSecureContext(authorities: readonly string[] = []): SecureContext {
  const ca = authorities.length === 0 ? {} : { ca: [...getCACertificates('default'), ...authorities] };
  return createSecureContext({ ...ca, minVersion: 'TLSv1.2' });
}

function judgePeer({ remoteAddress, remotePort = 0 }: Socket, policy: EgressPolicy): Error | undefined {
  if (remoteAddress === undefined)
    return Object.assign(new Error('Closed while connecting.'), { code: 'ECONNRESET' });
  return isReachable(remoteAddress, remotePort, policy) ? undefined : new EgressBlockedError();
}
