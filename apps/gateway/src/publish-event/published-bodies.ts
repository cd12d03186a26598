import { type JsonSchema, maxBatchEvents, NewEvent } from '#libs/contracts';
import type { BodyShape } from '../openapi/operation.js';

type Bodies = Readonly<Record<string, BodyShape>>;

const cloudEvent: JsonSchema = {
  type: 'object',
  description: 'A CloudEvent 1.0 in structured mode.',
  required: ['specversion', 'id', 'source', 'type'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,128}$' },
    source: { type: 'string', minLength: 1, maxLength: 2048 },
    type: { type: 'string', pattern: '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$', maxLength: 255 },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { type: 'string' },
    data: { description: 'Any JSON; a string where datacontenttype is not JSON.' },
    data_base64: { type: 'string' },
  },
};

const cloudEventExample = {
  specversion: '1.0',
  id: 'in_1-paid',
  source: '/invoices',
  type: 'invoice.paid',
  data: { invoice: 'in_1' },
};

/** What one event may be published as. */
export const eventBodies: Bodies = {
  'application/json': {
    schema: (refTo) => refTo(NewEvent),
    example: { type: 'invoice.paid', data: { invoice: 'in_1', amount: 4200 } },
  },
  'application/cloudevents+json': { schema: () => cloudEvent, example: cloudEventExample },
};

/** What many may be published as. */
export const batchBodies: Bodies = {
  'application/json': {
    schema: (refTo) => ({ type: 'array', minItems: 1, maxItems: maxBatchEvents, items: refTo(NewEvent) }),
    example: [
      { type: 'invoice.paid', data: { invoice: 'in_1' } },
      { type: 'invoice.paid', data: { invoice: 'in_2' } },
    ],
  },
  'application/cloudevents-batch+json': {
    schema: () => ({ type: 'array', minItems: 1, maxItems: maxBatchEvents, items: cloudEvent }),
    example: [cloudEventExample],
  },
};
