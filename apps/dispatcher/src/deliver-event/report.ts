import {
  create,
  DeliveryAttempted,
  DeliveryPostponed,
  type DeliveryRequested,
  type AttemptResult,
} from '#libs/contracts';
import type { PostResult } from '#libs/egress';
import type { Destination } from './destination.js';
import { retryAfterS } from './retry-after.js';

/** What a report repeats of the request for the attempt. */
type Asked = Pick<
  DeliveryRequested,
  'deliveryId' | 'tenantId' | 'eventId' | 'eventType' | 'destinationId' | 'acceptedAt' | 'attempt'
>;

/** What a report adds to that. */
export type Attempt = Omit<DeliveryAttempted, keyof Asked | 'hops'>;

type Outcome = Omit<Attempt, 'destinationVersion' | 'repeated' | 'startedAt'>;

/** One for all: thousands are kept for a while. */
const noBody = Buffer.alloc(0);

/** An operator has to restore a master key, and to restart this service with it. */
const unreadableRetryMs = 60_000;

/** Why a delivery is not tried now. */
export type Postponement = Pick<DeliveryPostponed, 'reason' | 'circuitVersion' | 'retryInMs' | 'repeated'>;

/** What stands against trying a delivery, whoever else is being tried; undefined if nothing does. */
export function reasonToPostpone(
  destination: Destination,
  { probe = false }: Pick<DeliveryRequested, 'probe'>,
): Postponement | undefined {
  if (destination.deleted) return { reason: 'destination_deleted' };
  if (!destination.enabled) return { reason: 'destination_disabled' };
  const { circuit } = destination;
  if (circuit.isOpen && !probe) return { reason: 'circuit_open', circuitVersion: circuit.version };
  return destination.readable
    ? undefined
    : { reason: 'destination_unreadable', retryInMs: unreadableRetryMs };
}

/** @param destinationVersion what was gone by; 0 if the destination is not known. */
export function postponed(
  request: DeliveryRequested,
  postponement: Postponement,
  destinationVersion: number,
): DeliveryPostponed {
  return create(DeliveryPostponed, { ...asked(request), destinationVersion, ...postponement });
}

/** What an attempt was begun with. */
export interface Beginning {
  readonly destinationVersion: number;
  readonly startedAt: Date;
  /** The request for it had been in a dispatcher's hands before. */
  readonly repeated: boolean;
}

export function attemptOf(
  { destinationVersion, startedAt, repeated }: Beginning,
  posted: PostResult,
): Attempt {
  return { destinationVersion, repeated, startedAt: startedAt.toISOString(), ...outcomeOf(posted) };
}

export function attempted(request: DeliveryRequested, attempt: Attempt): DeliveryAttempted {
  const { hops } = request;
  return create(DeliveryAttempted, { ...asked(request), ...(hops !== undefined && { hops }), ...attempt });
}

export function asked(request: DeliveryRequested): Asked {
  const { deliveryId, tenantId, eventId, eventType, destinationId, acceptedAt, attempt } = request;
  return { deliveryId, tenantId, eventId, eventType, destinationId, acceptedAt, attempt };
}

/** Standard Webhooks: 2xx is success, everything else is a failure; redirects are not followed. */
function outcomeOf(posted: PostResult): Outcome {
  const durationMs = Math.round(posted.durationMs);
  if (posted.result === 'failed') {
    const result: AttemptResult = posted.errorClass === 'egress_blocked' ? 'blocked' : 'unreachable';
    return { result, errorClass: posted.errorClass, durationMs, body: noBody };
  }
  const { statusCode } = posted;
  const body = posted.body.length > 0 ? posted.body : noBody;
  if (statusCode >= 200 && statusCode < 300) return { result: 'delivered', statusCode, durationMs, body };
  const seconds = retryAfterS(posted.retryAfter);
  return {
    result: 'refused',
    statusCode,
    errorClass: classOf(statusCode),
    durationMs,
    body,
    ...(seconds !== undefined && { retryAfterS: seconds }),
  };
}

/** A status that HTTP does not have counts as 5xx (RFC 9110, section 15). */
function classOf(statusCode: number): string {
  return `http_${statusCode < 600 ? Math.floor(statusCode / 100) : 5}xx`;
}
