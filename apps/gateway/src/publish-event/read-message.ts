import type { IngestedMessage } from '#libs/contracts';
import { type Attributes, type CloudEventOptions, readCloudEvent } from './read-cloud-event.js';
import { type Envelope, readEnvelope, readMembers } from './read-envelope.js';
import { readStructured } from './structured-cloud-event.js';

type Incoming = Pick<IngestedMessage, 'contentType' | 'headers' | 'body'>;

/** The AMQP binding of CloudEvents allows both, as some clients cannot write the colon. */
const attributePrefix = /^cloudEvents[:_]/;

/**
 * Reads what came through the broker: JSON as ours, or a CloudEvent in structured or binary mode.
 * @throws Problem saying what is wrong with it.
 */
export function readMessage(message: Incoming, options: CloudEventOptions): Envelope {
  const { body, contentType = '' } = message;
  if (/^application\/cloudevents\+json\s*(;|$)/i.test(contentType)) {
    return readStructured(body, readMembers(body), options);
  }
  const attributes = attributesOf(message);
  return attributes.size > 0
    ? readCloudEvent(attributes, body, { ...options, prefix: 'cloudEvents:' })
    : readEnvelope(body, readMembers(body), options.maxPayloadBytes);
}

function attributesOf({ headers, contentType }: Incoming): Attributes {
  const attributes = new Map<string, string | number | boolean | undefined>();
  for (const [name, value] of Object.entries(headers)) {
    if (!attributePrefix.test(name)) continue;
    attributes.set(name.replace(attributePrefix, ''), valueOf(value));
  }
  if (attributes.size === 0) return attributes;
  attributes.delete('datacontenttype');
  if (contentType !== undefined) attributes.set('datacontenttype', contentType);
  return attributes;
}

function valueOf(value: unknown): string | number | boolean | undefined {
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
