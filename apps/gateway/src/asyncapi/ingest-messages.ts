import { type JsonSchema, NewEvent } from '#libs/contracts';
import type { Schemas } from '../openapi/schemas.js';
import {
  cloudEventAttributes,
  requiredAttributes,
  structuredCloudEvent,
} from '../publish-event/cloud-event-schemas.js';

const prefix = 'cloudEvents:';

/** What publishers may put into the door. */
export function ingestMessages(schemas: Schemas): Record<string, JsonSchema> {
  const event = {
    title: 'An event',
    description: 'As over HTTP. The id may also be the message_id.',
    contentType: 'application/json',
    payload: schemas.refToInput(NewEvent),
    examples: [{ payload: { type: 'invoice.paid', data: { invoice: 'in_1', amount: 4200 } } }],
  };
  return { event, structuredCloudEvent: structured, binaryCloudEvent: binary };
}

const structured: JsonSchema = {
  title: 'A CloudEvent, structured',
  contentType: 'application/cloudevents+json',
  payload: structuredCloudEvent,
};

const binary: JsonSchema = {
  title: 'A CloudEvent, binary: its body is the payload, of any content type',
  contentType: 'application/octet-stream',
  headers: {
    type: 'object',
    required: requiredAttributes.map((name) => prefix + name),
    properties: Object.fromEntries(
      Object.entries(cloudEventAttributes).map(([name, schema]) => [prefix + name, schema]),
    ),
  },
  payload: { type: 'string', format: 'binary' },
};
