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
  /** JSON is an array of events, and not one. */
  readonly isBatch: boolean;
}

/** What was published: one event, or a batch in which each may have a problem of its own. */
export type Published = { readonly event: Envelope } | { readonly batch: Reading[] };

const prefix = 'ce-';
const required = ['specversion', 'id', 'source', 'type'];

/**
 * Reads what came over HTTP, by its content type and headers: JSON as ours, or CloudEvents in each of their modes.
 * @throws Problem `unsupported_media_type`, and whatever is wrong with the one event, or with the batch as a whole.
 */
export function readRequest(request: PublishRequest, options: CloudEventOptions): Published {
  const { headers } = request;
  const mediaType = mediaTypeOf(headers);
  const body = withoutByteOrderMark(request.body);
  if (mediaType === 'application/cloudevents+json') {
    return { event: readStructured(body, readMembers(body), options) };
  }
  if (mediaType === 'application/cloudevents-batch+json') {
    return { batch: readEach(body, (members) => readStructured(body, members, options)) };
  }
  if (mediaType.startsWith('application/cloudevents')) throw unsupported();
  if (required.some((name) => headers[prefix + name] !== undefined)) {
    return { event: readCloudEvent(attributesOf(headers), request.body, { ...options, prefix }) };
  }
  if (mediaType === 'application/json') return readOurs({ ...request, body }, options.maxPayloadBytes);
  throw unsupported();
}

function readOurs({ body, isBatch }: PublishRequest, maxPayloadBytes: number): Published {
  return isBatch
    ? { batch: readEach(body, (members) => readEnvelope(body, members, maxPayloadBytes)) }
    : { event: readEnvelope(body, readMembers(body), maxPayloadBytes) };
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

function unsupported(): Problem {
  return new Problem(
    'unsupported_media_type',
    'Send an event as "content-type: application/json" or "application/cloudevents+json", a batch of CloudEvents as "application/cloudevents-batch+json", or anything with the headers ce-specversion, ce-id, ce-source and ce-type.',
  );
}
