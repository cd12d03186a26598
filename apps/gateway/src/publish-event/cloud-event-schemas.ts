import { eventIdSyntax, eventTypeMaxLength, eventTypeSyntax, type JsonSchema } from '#libs/contracts';

const text = { type: 'string', minLength: 1, maxLength: 2048 };

/** The attributes of a CloudEvent, but for its content type; extensions may be beside them. */
export const cloudEventAttributes: Readonly<Record<string, JsonSchema>> = {
  specversion: { const: '1.0' },
  id: { type: 'string', pattern: eventIdSyntax.source, examples: ['in_1-paid'] },
  source: { ...text, examples: ['/invoices'] },
  type: {
    type: 'string',
    pattern: eventTypeSyntax.source,
    maxLength: eventTypeMaxLength,
    examples: ['invoice.paid'],
  },
  time: { type: 'string', format: 'date-time', examples: ['2026-01-31T12:00:00Z'] },
  subject: text,
  dataschema: text,
};

export const requiredAttributes = ['specversion', 'id', 'source', 'type'];

/** A CloudEvent in structured mode: one JSON document. */
export const structuredCloudEvent: JsonSchema = {
  type: 'object',
  description: 'A CloudEvent 1.0 in structured mode.',
  required: requiredAttributes,
  properties: {
    ...cloudEventAttributes,
    datacontenttype: { type: 'string' },
    data: { description: 'Any JSON; a string where datacontenttype is not JSON.' },
    data_base64: { type: 'string' },
  },
};
