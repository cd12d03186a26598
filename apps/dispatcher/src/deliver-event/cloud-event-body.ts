import { isUtf8 } from 'node:buffer';
import { isJsonType, publicTenantId } from '#libs/contracts';
import type { Deliverable } from './deliverable.js';

const ownMembers = new Set([
  'specversion',
  'id',
  'type',
  'time',
  'datacontenttype',
  'datacontentencoding',
  'data',
  'data_base64',
]);

/**
 * The `cloudevents` format: CloudEvents 1.0 in structured mode, with the attributes that the event was published with.
 * One that was not published as a CloudEvent has its tenant as the source.
 */
export function cloudEventBody(event: Deliverable): Buffer {
  const { source = `urn:posthorn:tenant:${publicTenantId(event.tenantId)}`, ...others } = attributesOf(event);
  const { body, contentType = body.length > 0 ? 'application/json' : undefined } = event;
  const head = {
    specversion: '1.0',
    id: event.eventId,
    source,
    type: event.eventType,
    time: event.timestamp,
    ...others,
    ...(contentType !== undefined && { datacontenttype: contentType }),
  };
  // JSON has no empty text: such an event has no data.
  if (contentType === undefined || (body.length === 0 && isJsonType(contentType)))
    return Buffer.from(JSON.stringify(head));
  const start = JSON.stringify(head).slice(0, -1);
  const { name, value } = dataMember(contentType, body);
  return Buffer.concat([Buffer.from(`${start},"${name}":`), value, Buffer.from('}')]);
}

/** Those that the event came with, but for the members that are written here. */
function attributesOf({ cloudEvent = '{}' }: Deliverable): Record<string, unknown> {
  const attributes = Object.entries(JSON.parse(cloudEvent) as object);
  return Object.fromEntries(attributes.filter(([name]) => !ownMembers.has(name)));
}

function dataMember(contentType: string, body: Buffer): { name: string; value: Buffer } {
  if (isJsonType(contentType)) return { name: 'data', value: body };
  return isText(contentType, body)
    ? { name: 'data', value: Buffer.from(JSON.stringify(body.toString())) }
    : { name: 'data_base64', value: Buffer.from(`"${body.toString('base64')}"`) };
}

/** Of text a receiver gets the characters; of everything else, and of text in another encoding, the bytes. */
function isText(contentType: string, body: Buffer): boolean {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  return (
    /^(text\/|application\/xml\b)/i.test(contentType) && /^(utf-8|us-ascii)$/i.test(charset) && isUtf8(body)
  );
}
