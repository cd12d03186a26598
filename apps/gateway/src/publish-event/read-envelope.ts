import { isUtf8 } from 'node:buffer';
import { canonicalTimestamp, type FieldError, isProblem, maxBatchEvents, Problem } from '#libs/contracts';
import { type Rule, rules } from './field-rules.js';
import {
  type Members,
  readString,
  scanArray,
  type ScannedItem,
  scanObject,
  scanValue,
  type Slice,
} from './scan-json.js';
import { Turns } from './turns.js';

/** What a publisher wrote, checked; the payload still in its own bytes. */
export interface Envelope {
  readonly id?: string;
  readonly type: string;
  readonly timestamp?: string;
  /** Empty for an event without data. */
  readonly data: Buffer;
  /** Of the data, if it is not application/json. */
  readonly contentType?: string;
  /** What only a CloudEvent has, as JSON. */
  readonly cloudEvent?: string;
  /** Webhooks that led to it, if any did. */
  readonly hops?: number;
}

/** One of a batch. */
export type Reading = Envelope | Problem;

const maxDepth = 64;
/** A body of more takes its turn from the start: several may come at once. */
const largeBytes = 64 * 1024;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** JSON without the mark that some writers of UTF-8 put before it. */
export function withoutByteOrderMark(json: Buffer): Buffer {
  return json.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    ? json.subarray(byteOrderMark.length)
    : json;
}

/**
 * Reads an array of events, each as `read` does, in turns of the event loop. What is wrong with one of them is said in its
 * place.
 * @throws Problem where the body is no JSON, or the batch is empty or too large.
 */
export async function readEach(body: Buffer, read: (members: Members) => Envelope): Promise<Reading[]> {
  const turns = new Turns();
  if (body.length > largeBytes) await turns.next();
  checkUtf8(body);
  const readings: Reading[] = [];
  for (const item of scanArray(body, { maxDepth, maxItems: maxBatchEvents })) {
    readings.push(readOne(item, read));
    await turns.pause();
  }
  if (readings.length === 0)
    throw new Problem('validation_failed', `A batch has 1 to ${maxBatchEvents} events.`);
  return readings;
}

function readOne({ members, problem }: ScannedItem, read: (members: Members) => Envelope): Reading {
  if (problem) return problem;
  try {
    return read(members);
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
}

/** @throws Problem unless it is one JSON object. */
export function readMembers(body: Buffer): Members {
  checkUtf8(body);
  return scanObject(body, maxDepth);
}

/** @throws Problem unless it is one JSON value. */
export function checkJson(body: Buffer): void {
  checkUtf8(body);
  scanValue(body, maxDepth);
}

function checkUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new Problem('invalid_utf8', 'The body is not valid UTF-8.');
}

/**
 * Reads `{ "id"?, "type", "data", "timestamp"? }`.
 * @throws Problem saying which field is wrong and how.
 */
export function readEnvelope(body: Buffer, members: Members, maxPayloadBytes: number): Envelope {
  const { values, faults } = readFields(body, members);
  const data = members.get('data');
  if (!data) faults.push({ path: 'data', message: 'is missing: any JSON value' });
  if (faults.length > 0 || !data) {
    throw new Problem('validation_failed', 'The event is not as it must be.', faults);
  }
  const bytes = body.subarray(data.start, data.end);
  checkSize(bytes, maxPayloadBytes);
  const { timestamp, ...others } = values as { type: string; timestamp?: string };
  return {
    ...others,
    ...(timestamp !== undefined && { timestamp: canonicalTimestamp(timestamp) }),
    data: bytes,
  };
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
const fields: Record<string, { required: boolean } & Rule> = {
  id: { required: false, ...rules.id },
  type: { required: true, ...rules.type },
  timestamp: { required: false, ...rules.time },
};

const fieldsByName = Object.entries(fields);

/** @returns the text of a JSON string, undefined where there is none, null for any other value. */
function textOf(body: Buffer, slice: Slice | undefined): string | null | undefined {
  if (!slice) return undefined;
  return body[slice.start] === 0x22 ? readString(body, slice) : null;
}

/** @throws Problem `payload_too_large` */
export function checkSize({ length }: Buffer, maxPayloadBytes: number): void {
  if (length <= maxPayloadBytes) return;
  throw new Problem(
    'payload_too_large',
    `data has ${length} bytes; ${maxPayloadBytes} are allowed (MAX_PAYLOAD_BYTES).`,
  );
}
