import {
  eventIdSyntax,
  eventTypeMaxLength,
  eventTypeSyntax,
  type JsonSchema,
  NewEvent,
} from '#libs/contracts';
import type { Schemas } from '../openapi/schemas.js';

const id = { type: 'string', pattern: eventIdSyntax.source };
const type = { type: 'string', pattern: eventTypeSyntax.source, maxLength: eventTypeMaxLength };
const source = { type: 'string', minLength: 1 };
const time = { type: 'string', format: 'date-time' };

/** What publishers may put into the door. */
export function ingestMessages(schemas: Schemas): Record<string, JsonSchema> {
  const event = {
    title: 'An event',
    description: 'As over HTTP. The id may also be the message_id.',
    contentType: 'application/json',
    payload: schemas.refToInput(NewEvent),
    examples: [{ payload: { type: 'invoice.paid', data: { invoice: 'in_1', amount: 4200 } } }],
  };
  return { event, structuredCloudEvent, binaryCloudEvent };
}

const structuredCloudEvent: JsonSchema = {
  title: 'A CloudEvent, structured',
  contentType: 'application/cloudevents+json',
  payload: {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type'],
    properties: {
      specversion: { const: '1.0' },
      id,
      source,
      type,
      time,
      datacontenttype: { type: 'string' },
      data: {},
      data_base64: { type: 'string' },
    },
  },
};

const binaryCloudEvent: JsonSchema = {
  title: 'A CloudEvent, binary: its body is the payload, of any content type',
  contentType: 'application/octet-stream',
  headers: {
    type: 'object',
    required: ['cloudEvents:specversion', 'cloudEvents:id', 'cloudEvents:source', 'cloudEvents:type'],
    properties: {
      'cloudEvents:specversion': { const: '1.0' },
      'cloudEvents:id': id,
      'cloudEvents:source': source,
      'cloudEvents:type': type,
      'cloudEvents:time': time,
    },
  },
  payload: { type: 'string', format: 'binary' },
};
