import { canonicalTimestamp, type FieldError, isJsonType, Problem } from '#libs/contracts';
import { type Rule, rules } from './field-rules.js';
import { checkJson, checkSize, type Envelope, withoutByteOrderMark } from './read-envelope.js';

/** A value as it was written, or what is wrong with it. `undefined` stands for what no attribute can be. */
export type AttributeValue = string | number | boolean | undefined | { readonly fault: string };

/** The context attributes of a CloudEvent by name. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

export interface CloudEventOptions {
  readonly maxPayloadBytes: number;
  /** What an attribute is called where it was written: `ce-` in HTTP headers. */
  readonly prefix?: string;
  /** The event has an id from elsewhere, if it brings none. */
  readonly hasOtherId: boolean;
}

const attributeName = /^[a-z0-9]{1,64}$/;
const maxKeptBytes = 8 * 1024;
const maxFaults = 20;

/** Members of the JSON format, or attributes of an earlier version: a reader could take them for more than extensions. */
const reserved = new Set(['data', 'data_base64', 'datacontentencoding']);

const known: Readonly<Record<string, Rule>> = {
  specversion: { isValid: (text) => text === '1.0', message: 'must be 1.0' },
  id: { ...rules.id, message: `${rules.id.message}, and unique in its tenant, whatever its source` },
  source: rules.uri,
  type: rules.type,
  time: rules.time,
  subject: rules.text,
  dataschema: rules.uri,
  datacontenttype: rules.mediaType,
};
/** Those that are fields of every event. The others are kept for who wants a CloudEvent again. */
const ownFields = new Set(['specversion', 'id', 'type', 'time', 'datacontenttype']);

/**
 * Checks a CloudEvent 1.0, whichever way it came.
 * @param data its payload; empty for none. What is said to be JSON has to be.
 * @throws Problem naming every wrong attribute.
 */
export function readCloudEvent(attributes: Attributes, data: Buffer, options: CloudEventOptions): Envelope {
  const required = ['specversion', ...(options.hasOtherId ? [] : ['id']), 'source', 'type'];
  const faults = [
    ...required
      .filter((name) => !attributes.has(name))
      .map((name) => ({ name, message: 'is missing: CloudEvents 1.0 requires it' })),
    ...[...attributes].flatMap(([name, value]) => faultOf(name, value)),
  ];
  const kept = JSON.stringify(
    Object.fromEntries(
      [...attributes].filter(([name, value]) => !ownFields.has(name) && value !== undefined),
    ),
  );
  if (Buffer.byteLength(kept) > maxKeptBytes) {
    faults.push({ name: 'source', message: `and the extensions may have ${maxKeptBytes} bytes together` });
  }
  if (faults.length > 0) throw refused(faults, options.prefix);
  return { ...fieldsOf(attributes), cloudEvent: kept, data: checked(data, attributes, options) };
}

function fieldsOf(attributes: Attributes): Pick<Envelope, 'id' | 'type' | 'timestamp' | 'contentType'> {
  const [id, type = '', time, contentType] = ['id', 'type', 'time', 'datacontenttype'].map((name) =>
    textOf(attributes, name),
  );
  return {
    type,
    ...(id !== undefined && { id }),
    ...(time !== undefined && { timestamp: canonicalTimestamp(time) }),
    ...(contentType !== undefined && { contentType }),
  };
}

/** @returns undefined for an attribute that is absent, or no text. */
export function textOf(attributes: Attributes, name: string): string | undefined {
  const value = attributes.get(name);
  return typeof value === 'string' ? value : undefined;
}

function checked(data: Buffer, attributes: Attributes, { maxPayloadBytes }: CloudEventOptions): Buffer {
  const isJson = isJsonType(textOf(attributes, 'datacontenttype'));
  const bytes = isJson ? withoutByteOrderMark(data) : data;
  checkSize(bytes, maxPayloadBytes);
  if (bytes.length > 0 && isJson) checkJson(bytes);
  return bytes;
}

function faultOf(name: string, value: AttributeValue) {
  const message = messageOf(name, value);
  return message === undefined ? [] : [{ name, message }];
}

/** @returns undefined for an attribute that may be taken. */
function messageOf(name: string, value: AttributeValue): string | undefined {
  if (reserved.has(name)) return 'is no name of an attribute: CloudEvents reserves it';
  if (typeof value === 'object') return value.fault;
  const rule = Object.hasOwn(known, name) ? known[name] : undefined;
  return rule ? messageOfKnown(rule, value) : messageOfExtension(name, value);
}

function messageOfKnown(rule: Rule, value: AttributeValue): string | undefined {
  return typeof value === 'string' && rule.isValid(value) ? undefined : rule.message;
}

function messageOfExtension(name: string, value: AttributeValue): string | undefined {
  if (!attributeName.test(name))
    return 'is no name of an attribute: lower-case letters and digits, 64 at most';
  return isAttribute(value) ? undefined : 'must be a text, a boolean, or an integer of 32 bits';
}

function isAttribute(value: AttributeValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return (
    typeof value === 'boolean' ||
    (typeof value === 'number' && value === Math.trunc(value) && Math.abs(value) < 2 ** 31)
  );
}

function refused(faults: readonly { name: string; message: string }[], prefix = ''): Problem {
  const errors: FieldError[] = faults
    .slice(0, maxFaults)
    .map(({ name, message }) => ({ path: prefix + name.slice(0, 100), message }));
  return new Problem('validation_failed', 'The CloudEvent is not as it must be.', errors);
}
