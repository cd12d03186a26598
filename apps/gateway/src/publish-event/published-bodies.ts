import { type JsonSchema, maxBatchEvents, NewEvent } from '#libs/contracts';
import type { BodyShape } from '../openapi/operation.js';
import { cloudEventAttributes, requiredAttributes, structuredCloudEvent } from './cloud-event-schemas.js';

type Bodies = Readonly<Record<string, BodyShape>>;

const structuredExample = {
  specversion: '1.0',
  id: 'in_1-paid',
  source: '/invoices',
  type: 'invoice.paid',
  data: { invoice: 'in_1' },
};

/** As either route takes them. */
const cloudEvents: Bodies = {
  'application/cloudevents+json': { schema: () => structuredCloudEvent, example: structuredExample },
  '*/*': {
    schema: () => ({
      description:
        'A CloudEvent in binary mode: with the headers `ce-specversion`, `ce-id`, `ce-source` and `ce-type` the body is the payload, of any content type.',
    }),
    example: '<invoice id="in_1"/>',
  },
};

/** What one event may be published as. */
export const eventBodies: Bodies = {
  'application/json': {
    schema: (refTo) => refTo(NewEvent),
    example: { type: 'invoice.paid', data: { invoice: 'in_1', amount: 4200 } },
  },
  ...cloudEvents,
};

/** What many may be published as. */
export const batchBodies: Bodies = {
  'application/json': {
    schema: (refTo) => many(refTo(NewEvent)),
    example: [
      { type: 'invoice.paid', data: { invoice: 'in_1' } },
      { type: 'invoice.paid', data: { invoice: 'in_2' } },
    ],
  },
  ...cloudEvents,
  'application/cloudevents-batch+json': {
    schema: () => many(structuredCloudEvent),
    example: [structuredExample],
  },
};

/** Those of binary mode; extensions are headers like them. */
export const cloudEventHeaders: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(cloudEventAttributes).map(([name, schema]) => [
    `ce-${name}`,
    {
      ...schema,
      description: `Of a CloudEvent in binary mode${requiredAttributes.includes(name) ? ', where it is required' : ''}.`,
    },
  ]),
);

function many(items: JsonSchema): JsonSchema {
  return { type: 'array', minItems: 1, maxItems: maxBatchEvents, items };
}
