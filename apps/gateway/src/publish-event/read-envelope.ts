import { isUtf8 } from 'node:buffer';
import {
  eventIdSyntax,
  eventTypeMaxLength,
  eventTypeSyntax,
  type FieldError,
  isProblem,
  maxBatchEvents,
  Problem,
} from '#libs/contracts';
import { type Members, readString, scanArray, scanObject, type Slice } from './scan-json.js';

/** What a publisher wrote, checked; the payload still in its own bytes. */
export interface Envelope {
  readonly id?: string;
  readonly type: string;
  readonly timestamp?: string;
  readonly data: Buffer;
}

/** One of a batch. */
export type Reading = Envelope | Problem;

const maxDepth = 64;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads `{ "id"?, "type", "data", "timestamp"? }`.
 * @throws Problem saying which field is wrong and how.
 */
export function readEnvelope(body: Buffer, maxPayloadBytes: number): Envelope {
  checkUtf8(body);
  return envelopeOf(body, scanObject(body, maxDepth), maxPayloadBytes);
}

/**
 * Reads an array of those. What is wrong with one of them is said in its place.
 * @throws Problem where the body is no JSON, or the batch is empty or too large.
 */
export function readEnvelopes(body: Buffer, maxPayloadBytes: number): Reading[] {
  checkUtf8(body);
  const items = scanArray(body, { maxDepth, maxItems: maxBatchEvents });
  if (items.length === 0)
    throw new Problem('validation_failed', `A batch has 1 to ${maxBatchEvents} events.`);
  return items.map(({ members, problem }) => {
    if (problem) return problem;
    try {
      return envelopeOf(body, members, maxPayloadBytes);
    } catch (error) {
      if (isProblem(error)) return error;
      throw error;
    }
  });
}

function checkUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new Problem('invalid_utf8', 'The body is not valid UTF-8.');
}

/** @throws Problem saying which field is wrong and how. */
function envelopeOf(body: Buffer, members: Members, maxPayloadBytes: number): Envelope {
  const { values, faults } = readFields(body, members);
  const data = members.get('data');
  if (!data) faults.push({ path: 'data', message: 'is missing: any JSON value' });
  if (faults.length > 0 || !data) {
    throw new Problem('validation_failed', 'The event is not as it must be.', faults);
  }
  checkSize(data, maxPayloadBytes);
  return { ...(values as { type: string }), data: body.subarray(data.start, data.end) };
}

function readFields(body: Buffer, members: Members) {
  const faults: FieldError[] = unknownNames(members);
  const values: Record<string, string> = {};
  for (const [name, field] of fieldsByName) {
    const text = textOf(body, members.get(name));
    if (text === undefined && !field.required) continue;
    if (typeof text === 'string' && field.isValid(text)) values[name] = text;
    else faults.push({ path: name, message: field.message });
  }
  return { values, faults };
}

function unknownNames(members: Members): FieldError[] {
  return [...members.keys()]
    .filter((name) => name !== 'data' && !Object.hasOwn(fields, name))
    .map((name) => ({
      path: name.slice(0, 100),
      message: 'is not a field of an event: id, type, data, timestamp',
    }));
}

/** What an event has beside its data. */
const fields: Record<string, { required: boolean; isValid: (text: string) => boolean; message: string }> = {
  id: {
    required: false,
    isValid: (text) => eventIdSyntax.test(text),
    message: 'must be 1 to 128 letters, digits, _ or -',
  },
  type: {
    required: true,
    isValid: (text) => text.length <= eventTypeMaxLength && eventTypeSyntax.test(text),
    message: `must be parts of letters, digits and _ joined by dots, such as invoice.paid, at most ${eventTypeMaxLength} characters`,
  },
  timestamp: {
    required: false,
    isValid: (text) => rfc3339.test(text) && !Number.isNaN(Date.parse(text)),
    message: 'must be a time as in RFC 3339: 2026-01-31T12:00:00Z',
  },
};

const fieldsByName = Object.entries(fields);

/** @returns the text of a JSON string, undefined where there is none, null for any other value. */
function textOf(body: Buffer, slice: Slice | undefined): string | null | undefined {
  if (!slice) return undefined;
  return body[slice.start] === 0x22 ? readString(body, slice) : null;
}

/** @throws Problem `payload_too_large` */
function checkSize({ start, end }: Slice, maxPayloadBytes: number): void {
  if (end - start <= maxPayloadBytes) return;
  throw new Problem(
    'payload_too_large',
    `data has ${end - start} bytes; ${maxPayloadBytes} are allowed (MAX_PAYLOAD_BYTES).`,
  );
}
