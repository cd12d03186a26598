import type { DestinationFormat } from '#libs/contracts';
import { cloudEventBody } from './cloud-event-body.js';
import type { Deliverable } from './deliverable.js';
import { standardBody } from './standard-body.js';

export interface Body {
  readonly contentType: string;
  readonly body: Buffer;
}

const formats: { readonly [Format in DestinationFormat]: (event: Deliverable) => Body } = {
  standard: (event) => ({ contentType: 'application/json', body: standardBody(event) }),
  raw: ({ contentType = 'application/json', body }) => ({ contentType, body }),
  cloudevents: (event) => ({ contentType: 'application/cloudevents+json', body: cloudEventBody(event) }),
};

/** An event in the format that its destination wants. Published bytes are included unchanged, never serialized again. A format of a newer registry is `standard` here. */
export function bodyOf(format: DestinationFormat, event: Deliverable): Body {
  return (Object.hasOwn(formats, format) ? formats[format] : formats.standard)(event);
}
