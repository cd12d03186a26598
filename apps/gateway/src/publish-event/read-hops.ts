import { hopsHeader, isProblem, maxHops, Problem } from '#libs/contracts';
import type { Envelope, Reading } from './read-envelope.js';

export const hopsSchema = {
  description: `How many webhooks of a Posthorn led to this event: the header of the webhook, passed on. More than ${maxHops} are refused.`,
  type: 'string',
  pattern: '^[0-9]+$',
};

/**
 * Reads how many webhooks led to an event, 0 without the header. A value that cannot be read is refused and not taken
 * for 0, so that no writing of it lets a loop go on.
 * @throws Problem `too_many_hops`, `validation_failed`
 */
export function readHops(value: unknown): number {
  if (value === undefined) return 0;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d+$/.test(text.trim())) {
    throw new Problem('validation_failed', 'The request is invalid.', [
      { path: hopsHeader, message: `must be one whole number, 0 to ${maxHops}` },
    ]);
  }
  const hops = Number(text);
  if (hops <= maxHops) return hops;
  throw new Problem(
    'too_many_hops',
    `More than ${maxHops} webhooks in a row led to this event. Remove the destination that publishes to Posthorn again.`,
  );
}

/** As `readHops`, of the headers of an AMQP message, whose names have no case of their own. */
export function readHopsOfMessage(headers: Readonly<Record<string, unknown>>): number {
  const names = Object.keys(headers).filter((name) => name.toLowerCase() === hopsHeader);
  return Math.max(0, ...names.map((name) => readHops(headers[name])));
}

export function withHops<Read extends Reading>(reading: Read, hops: number): Read | Envelope {
  return hops === 0 || isProblem(reading) ? reading : { ...reading, hops };
}
