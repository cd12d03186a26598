import { type IngestedMessage, Problem } from '#libs/contracts';
import {
  type Attributes,
  type AttributeValue,
  type CloudEventOptions,
  readCloudEvent,
} from './read-cloud-event.js';
import { type Envelope, readEnvelope, readMembers, withoutByteOrderMark } from './read-envelope.js';
import { readStructured } from './structured-cloud-event.js';

type Incoming = Pick<IngestedMessage, 'contentType' | 'contentEncoding' | 'headers' | 'body'>;

/** The AMQP binding of CloudEvents allows both, as some clients cannot write the colon. */
const attributePrefix = /^cloudEvents[:_]/;
/** Encodings that leave the bytes as they are. Many clients write the character set here. */
const plainEncoding = /^(?:identity|utf-?8)?$/i;
/** What amqplib makes of bytes that are not UTF-8. */
const replacementCharacter = '\ufffd';

/**
 * Reads what came through the broker: JSON as ours, or a CloudEvent in structured or binary mode.
 * @throws Problem saying what is wrong with it.
 */
export function readMessage(message: Incoming, options: CloudEventOptions): Envelope {
  checkEncoding(message.contentEncoding);
  const { contentType = '' } = message;
  const isStructured = /^application\/cloudevents/i.test(contentType);
  const attributes = attributesOf(message);
  if (!isStructured && attributes.size > 0)
    return readCloudEvent(attributes, message.body, { ...options, prefix: 'cloudEvents:' });
  const body = withoutByteOrderMark(message.body);
  if (!isStructured) return readEnvelope(body, readMembers(body), options.maxPayloadBytes);
  if (/^application\/cloudevents\+json\s*(;|$)/i.test(contentType))
    return readStructured(body, readMembers(body), options);
  throw new Problem(
    'unsupported_media_type',
    'A structured CloudEvent must be one event of the content type application/cloudevents+json. Send batches over HTTP.',
  );
}

function checkEncoding(contentEncoding = ''): void {
  if (plainEncoding.test(contentEncoding.trim())) return;
  throw new Problem(
    'unsupported_media_type',
    `The content_encoding is ${JSON.stringify(contentEncoding.slice(0, 50))}. Send the body without compression, and content_encoding absent, "utf-8" or "identity".`,
  );
}

function attributesOf({ headers, contentType }: Incoming): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (const [header, value] of Object.entries(headers)) {
    if (!attributePrefix.test(header)) continue;
    const name = header.replace(attributePrefix, '');
    attributes.set(name, attributes.has(name) ? { fault: 'is there twice' } : valueOf(value));
  }
  if (attributes.size === 0) return attributes;
  attributes.delete('datacontenttype');
  if (contentType !== undefined) attributes.set('datacontenttype', contentType);
  return attributes;
}

function valueOf(value: unknown): AttributeValue {
  if (typeof value === 'string' && value.includes(replacementCharacter)) return { fault: 'must be UTF-8' };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const seconds = timestampOf(value);
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

/** An AMQP timestamp as our client gives it. */
function timestampOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('!' in value) || value['!'] !== 'timestamp')
    return undefined;
  return 'value' in value && typeof value.value === 'number' && value.value < 1e11 ? value.value : undefined;
}
