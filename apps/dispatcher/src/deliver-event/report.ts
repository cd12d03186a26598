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

type Outcome = Pick<
  DeliveryAttempted,
  'result' | 'statusCode' | 'errorClass' | 'retryAfterS' | 'durationMs' | 'body'
>;

/** Why a delivery cannot be tried now, or undefined if it can. */
export function reasonToPostpone(
  destination: Destination | undefined,
): DeliveryPostponed['reason'] | undefined {
  if (!destination) return 'destination_unknown';
  if (destination.deleted) return 'destination_deleted';
  return destination.enabled ? undefined : 'destination_disabled';
}

export function postponed(
  request: DeliveryRequested,
  reason: DeliveryPostponed['reason'],
  destinationVersion: number,
): DeliveryPostponed {
  return create(DeliveryPostponed, {
    deliveryId: request.deliveryId,
    tenantId: request.tenantId,
    eventId: request.eventId,
    eventType: request.eventType,
    destinationId: request.destinationId,
    acceptedAt: request.acceptedAt,
    attempt: request.attempt,
    destinationVersion,
    reason,
  });
}

/** What an attempt was begun with. */
export interface Beginning {
  readonly destinationVersion: number;
  readonly startedAt: Date;
  /** The request for it had been in a dispatcher's hands before. */
  readonly repeated: boolean;
}

export function attempted(
  request: DeliveryRequested,
  { destinationVersion, startedAt, repeated }: Beginning,
  posted: PostResult,
): DeliveryAttempted {
  return create(DeliveryAttempted, {
    deliveryId: request.deliveryId,
    tenantId: request.tenantId,
    eventId: request.eventId,
    eventType: request.eventType,
    destinationId: request.destinationId,
    acceptedAt: request.acceptedAt,
    destinationVersion,
    repeated,
    attempt: request.attempt,
    startedAt: startedAt.toISOString(),
    ...outcomeOf(posted),
  });
}

/** Standard Webhooks: 2xx is success, everything else is a failure; redirects are not followed. */
function outcomeOf(posted: PostResult): Outcome {
  const durationMs = Math.round(posted.durationMs);
  if (posted.result === 'failed') {
    const result: AttemptResult = posted.errorClass === 'egress_blocked' ? 'blocked' : 'unreachable';
    return { result, errorClass: posted.errorClass, durationMs, body: Buffer.alloc(0) };
  }
  const { statusCode, body } = posted;
  if (statusCode >= 200 && statusCode < 300) return { result: 'delivered', statusCode, durationMs, body };
  const seconds = retryAfterS(posted.retryAfter);
  return {
    result: 'refused',
    statusCode,
    errorClass: `http_${Math.floor(statusCode / 100)}xx`,
    durationMs,
    body,
    ...(seconds !== undefined && { retryAfterS: seconds }),
  };
}
