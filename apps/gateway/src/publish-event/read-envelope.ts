import { isUtf8 } from 'node:buffer';
import {
  eventIdSyntax,
  eventTypeMaxLength,
  eventTypeSyntax,
  type FieldError,
  Problem,
} from '#libs/contracts';
import { scanObject, type Slice } from './scan-json.js';

/** What a publisher wrote, checked; the payload still in its own bytes. */
export interface Envelope {
  readonly id?: string;
  readonly type: string;
  readonly timestamp?: string;
  readonly data: Buffer;
}

const maxDepth = 64;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads `{ "id"?, "type", "data", "timestamp"? }`.
 * @throws Problem saying which field is wrong and how.
 */
export function readEnvelope(body: Buffer, maxPayloadBytes: number): Envelope {
  if (!isUtf8(body)) throw new Problem('invalid_utf8', 'The body is not valid UTF-8.');
  const members = scanObject(body, maxDepth);
  const { values, faults } = readFields(body, members);
  const data = members.get('data');
  if (!data) faults.push({ path: 'data', message: 'is missing: any JSON value' });
  if (faults.length > 0 || !data) {
    throw new Problem('validation_failed', 'The event is not as it must be.', faults);
  }
  checkSize(data, maxPayloadBytes);
  return { ...(values as { type: string }), data: body.subarray(data.start, data.end) };
}

function readFields(body: Buffer, members: ReadonlyMap<string, Slice>) {
  const faults: FieldError[] = [...members.keys()]
    .filter((name) => name !== 'data' && !Object.hasOwn(fields, name))
    .map((name) => ({
      path: name.slice(0, 100),
      message: 'is not a field of an event: id, type, data, timestamp',
    }));
  const values: Record<string, string> = {};
  for (const [name, field] of Object.entries(fields)) {
    const text = textOf(body, members.get(name));
    if (text === undefined && !field.required) continue;
    if (typeof text === 'string' && field.isValid(text)) values[name] = text;
    else faults.push({ path: name, message: field.message });
  }
  return { values, faults };
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

/** @returns the text of a JSON string, undefined where there is none, null for any other value. */
function textOf(body: Buffer, slice: Slice | undefined): string | null | undefined {
  if (!slice) return undefined;
  const raw = body.toString('utf8', slice.start, slice.end);
  return raw.startsWith('"') ? (JSON.parse(raw) as string) : null;
}

/** @throws Problem `payload_too_large` */
function checkSize({ start, end }: Slice, maxPayloadBytes: number): void {
  if (end - start <= maxPayloadBytes) return;
  throw new Problem(
    'payload_too_large',
    `data has ${end - start} bytes; ${maxPayloadBytes} are allowed (MAX_PAYLOAD_BYTES).`,
  );
}
