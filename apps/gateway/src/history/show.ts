import { isUtf8 } from 'node:buffer';
import type { Attempt, EventRecord } from '#libs/contracts';

export interface ShownAttempt extends Omit<Attempt, 'response'> {
  /** The start of the endpoint's answer as text; null when it is not text. */
  readonly responseBody: string | null;
  /** The same in base64, only when it is not text. */
  readonly responseBodyBase64?: string;
}

/**
 * An event with `data` in the bytes that were published: the answer is put together as text around them. Data that is
 * past its retention is null, and `dataExpired` tells that from a published null.
 */
export function showEvent({ payload, ...event }: EventRecord): string {
  if (payload === null) return JSON.stringify({ ...event, data: null, dataExpired: true });
  const rest = JSON.stringify(event);
  return `${rest.slice(0, -1)},"data":${Buffer.from(payload, 'base64').toString()}}`;
}

export function showAttempt({ response, ...attempt }: Attempt): ShownAttempt {
  const bytes = Buffer.from(response, 'base64');
  // An answer that was cut in the middle of a character is still text.
  const isText = [0, 1, 2, 3].some(
    (cut) => cut <= bytes.length && isUtf8(bytes.subarray(0, bytes.length - cut)),
  );
  return isText
    ? { ...attempt, responseBody: bytes.toString() }
    : { ...attempt, responseBody: null, responseBodyBase64: response };
}
