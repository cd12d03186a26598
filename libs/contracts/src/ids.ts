import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export type IdPrefix = 'evt' | 'dst' | 'acc' | 'prk' | 'rot' | 'key' | 'rpl' | 'era' | 'aud';

/** A new id: prefix, then a ULID (48 bits of time, 80 of chance), so that ids sort by the time they were made. */
export function newId(prefix: IdPrefix, nowMs: number = Date.now()): string {
  return `${prefix}_${ulid(nowMs, randomBytes(10))}`;
}

/**
 * The delivery of one event to one destination has one id, whoever computes it and however often: its random part is
 * a hash of both, its time that of the acceptance.
 */
export function deliveryId(
  event: { tenantId: string; eventId: string; acceptedAt: string },
  destinationId: string,
): string {
  const hash = createHash('sha256')
    .update(`${event.tenantId}\n${event.eventId}\n${destinationId}`)
    .digest()
    .subarray(0, 10);
  return `dlv_${ulid(Date.parse(event.acceptedAt), hash)}`;
}

/**
 * An attempt is a delivery and a number; three digits of base 32 keep attempts of one delivery in order. More of them
 * are for those that come of sending it again without end.
 */
export function attemptId(delivery: string, attempt: number): string {
  const digits = Math.max(3, attempt.toString(32).length);
  return `att_${delivery.slice('dlv_'.length)}${base32(BigInt(attempt), digits)}`;
}

/**
 * The acceptance of an event as its delivery's id tells it, in ms: that is where to look for the delivery.
 * @returns undefined if it is not the id of a delivery.
 */
export function acceptedAtMsOf(delivery: string): number | undefined {
  return delivery.startsWith('dlv_') ? madeAtMsOf(delivery) : undefined;
}

/** When an id was made, as it tells it itself, in ms. @returns undefined if it is none of ours. */
export function madeAtMsOf(id: string): number | undefined {
  const time = /^[a-z]{3}_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}$/.exec(id)?.[1];
  return time === undefined
    ? undefined
    : [...time].reduce((ms, digit) => ms * 32 + alphabet.indexOf(digit), 0);
}

/** Before every id of a delivery whose event was accepted at that moment or later, and after all others. */
export function firstDeliveryIdAt(ms: number): string {
  return firstIdAt('dlv', ms);
}

/** Before every id of this prefix that was made at that moment or later, and after all others. */
export function firstIdAt(prefix: IdPrefix | 'dlv', ms: number): string {
  return `${prefix}_${base32(BigInt(Math.max(0, ms)), 10)}`;
}

/**
 * An event published under an idempotency key has one id, whichever process takes it and however often. It is longer
 * than an id made by `newId`: the two never meet.
 */
export function eventIdOfKey(tenantId: string, idempotencyKey: string): string {
  const hash = createHash('sha256').update(`${tenantId}\n${idempotencyKey}`).digest().subarray(0, 20);
  return `evt_${base32(BigInt(`0x${hash.toString('hex')}`), 32)}`;
}

function ulid(timeMs: number, chance: Buffer): string {
  return base32(BigInt(timeMs), 10) + base32(BigInt(`0x${chance.toString('hex')}`), 16);
}

function base32(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) {
    text = alphabet.charAt(Number(rest & 31n)) + text;
  }
  return text;
}
