import { isUtf8 } from 'node:buffer';
import { Problem } from '#libs/contracts';
import { type AttributeValue, type CloudEventOptions, readCloudEvent } from './read-cloud-event.js';
import {
  type Envelope,
  readEach,
  readEnvelope,
  readMembers,
  type Reading,
  withoutByteOrderMark,
} from './read-envelope.js';
import { readStructured } from './structured-cloud-event.js';

export type PublishHeaders = Readonly<Record<string, string | undefined>>;

export interface PublishRequest {
  readonly body: Buffer;
  readonly headers: PublishHeaders;
}

const prefix = 'ce-';
const required = ['specversion', 'id', 'source', 'type'];

const batchType = 'application/cloudevents-batch+json';

/**
 * Reads one event that came over HTTP, by its content type and headers: JSON as ours, or a CloudEvent, structured or binary.
 * @throws Problem `unsupported_media_type`, and whatever is wrong with the event.
 */
export function readRequest(request: PublishRequest, options: CloudEventOptions): Envelope {
  const { headers } = request;
  const mediaType = mediaTypeOf(headers);
  const body = withoutByteOrderMark(request.body);
  if (mediaType === 'application/cloudevents+json') {
    return readStructured(body, readMembers(body), options);
  }
  if (mediaType === batchType) throw isBatch();
  if (mediaType.startsWith('application/cloudevents')) throw unsupported();
  if (required.some((name) => headers[prefix + name] !== undefined)) {
    return readCloudEvent(attributesOf(headers), request.body, { ...options, prefix });
  }
  if (mediaType === 'application/json') return readEnvelope(body, readMembers(body), options.maxPayloadBytes);
  throw unsupported();
}

/**
 * Reads a batch: JSON is an array of events, and so is a batch of CloudEvents; a single CloudEvent is a batch of one.
 * @throws Problem `unsupported_media_type`, and whatever is wrong with the batch as a whole.
 */
export async function readBatch(request: PublishRequest, options: CloudEventOptions): Promise<Reading[]> {
  const { headers } = request;
  const mediaType = mediaTypeOf(headers);
  const body = withoutByteOrderMark(request.body);
  if (mediaType === batchType) return readEach(body, (members) => readStructured(body, members, options));
  const isBinary = required.some((name) => headers[prefix + name] !== undefined);
  if (mediaType === 'application/json' && !isBinary)
    return readEach(body, (members) => readEnvelope(body, members, options.maxPayloadBytes));
  return [readRequest(request, options)];
}

function mediaTypeOf(headers: PublishHeaders): string {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  return mediaType.trim().toLowerCase();
}

function attributesOf(headers: PublishHeaders): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  for (const [name, value] of Object.entries(headers)) {
    const attribute = name.slice(prefix.length);
    if (name.startsWith(prefix) && attribute !== 'datacontenttype')
      attributes.set(attribute, decoded(value ?? ''));
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined) attributes.set('datacontenttype', contentType);
  return attributes;
}

/**
 * The HTTP binding of CloudEvents: what is not printable ASCII is percent-encoded, and a value may be quoted. Some SDKs
 * write UTF-8 as it is, which Node.js reads as Latin-1.
 */
function decoded(header: string): AttributeValue {
  const bytes = Buffer.from(header, 'latin1');
  if (!isUtf8(bytes)) return { fault: 'must be UTF-8, or percent-encoded UTF-8' };
  const value = bytes.toString();
  const quoted = /^"(.*)"$/.exec(value)?.[1];
  try {
    return decodeURIComponent(quoted?.replaceAll(/\\(.)/g, '$1') ?? value);
  } catch {
    return { fault: 'has a broken percent-encoding: write % as %25, and other characters as UTF-8' };
  }
}

function isBatch(): Problem {
  return new Problem('unsupported_media_type', 'Send a batch of CloudEvents to the route …/events/batch.');
}

function unsupported(): Problem {
  return new Problem(
    'unsupported_media_type',
    'Send an event as "content-type: application/json" or "application/cloudevents+json", a batch of CloudEvents as "application/cloudevents-batch+json", or anything with the headers ce-specversion, ce-id, ce-source and ce-type.',
  );
}
