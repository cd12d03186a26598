import { isJsonType, Problem } from '#libs/contracts';
import type { Envelope } from './read-envelope.js';
import {
  type Attributes,
  type AttributeValue,
  type CloudEventOptions,
  readCloudEvent,
  textOf,
} from './read-cloud-event.js';
import { type Members, readString, type Slice } from './scan-json.js';

const QUOTE = 0x22;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const nothing = Buffer.alloc(0);

/**
 * Reads a CloudEvent in structured mode: attributes and data are members of one JSON object.
 * @throws Problem as `readCloudEvent` does.
 */
export function readStructured(body: Buffer, members: Members, options: CloudEventOptions): Envelope {
  const attributes = attributesOf(body, members);
  return readCloudEvent(attributes, dataOf(body, members, attributes), options);
}

function attributesOf(body: Buffer, members: Members): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (const [name, slice] of members) {
    if (name === 'data' || name === 'data_base64') continue;
    const value = scalarOf(body, slice);
    // The JSON format of CloudEvents: null is the same as not there.
    if (value !== null) attributes.set(name, value);
  }
  return attributes;
}

/** @returns undefined for an object or an array. */
function scalarOf(body: Buffer, slice: Slice): string | number | boolean | null | undefined {
  const first = String.fromCharCode(body[slice.start] ?? 0);
  if (first === '{' || first === '[') return undefined;
  return JSON.parse(body.toString('utf8', slice.start, slice.end)) as string | number | boolean | null;
}

function dataOf(body: Buffer, members: Members, attributes: Attributes): Buffer {
  const [data, encoded] = [members.get('data'), members.get('data_base64')];
  if (data && encoded) throw wrong('data_base64', 'may not be there beside data');
  if (encoded) return decoded(stringOf(body, encoded));
  if (!data) return nothing;
  const isJson = isJsonType(textOf(attributes, 'datacontenttype'));
  return isJson ? body.subarray(data.start, data.end) : bytesOf(stringOf(body, data));
}

function bytesOf(text: string | undefined): Buffer {
  if (text?.isWellFormed() === true) return Buffer.from(text);
  throw wrong('data', 'must be a text, or data_base64 in its place, as it is not JSON');
}

function stringOf(body: Buffer, slice: Slice): string | undefined {
  return body[slice.start] === QUOTE ? readString(body, slice) : undefined;
}

function decoded(text: string | undefined): Buffer {
  if (text === undefined || text.length % 4 !== 0 || !base64.test(text))
    throw wrong('data_base64', 'must be base64');
  return Buffer.from(text, 'base64');
}

function wrong(path: string, message: string): Problem {
  return new Problem('validation_failed', 'The CloudEvent is not as it must be.', [{ path, message }]);
}
