import type { EventAccepted } from '#libs/contracts';
import { type FilteredEvent, notJson } from '#libs/filter';

export type Published = Pick<
  EventAccepted,
  'eventId' | 'eventType' | 'timestamp' | 'contentType' | 'cloudEvent' | 'body'
>;

const jsonMediaType = /^application\/([a-z0-9!#$&^_.+-]+\+)?json *(;|$)/i;

/** An event as filters see it. Its payload is parsed into a copy, when the first of them looks, and never changed. */
export function filterable(event: Published): FilteredEvent {
  let parsed: { readonly data: unknown } | undefined;
  return {
    id: event.eventId,
    type: event.eventType,
    timestamp: event.timestamp,
    ...(event.cloudEvent !== undefined && attributesOf(event.cloudEvent)),
    get data(): unknown {
      parsed ??= { data: isJson(event.contentType) ? parse(event.body) : notJson };
      return parsed.data;
    },
  };
}

function attributesOf(
  cloudEvent: string,
): Pick<FilteredEvent, 'source' | 'subject' | 'dataschema' | 'extensions'> {
  const { source, subject, dataschema, ...extensions } = JSON.parse(cloudEvent) as Record<string, unknown>;
  return { source, subject, dataschema, extensions };
}

function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || jsonMediaType.test(contentType);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return notJson;
  }
}
