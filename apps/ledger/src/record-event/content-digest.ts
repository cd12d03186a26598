import { hash } from 'node:crypto';
import { type EventAccepted, isJsonType } from '#libs/contracts';

const separator = '\n';

/** Equal for two events of one type whose payloads have the same bytes and, unless both are JSON, the same media type. */
export function contentDigest({
  eventType,
  contentType,
  body,
}: Pick<EventAccepted, 'eventType' | 'contentType' | 'body'>): Buffer {
  const mediaType = isJsonType(contentType) ? '' : (contentType ?? '');
  return hash(
    'sha256',
    Buffer.concat([Buffer.from([eventType, mediaType, ''].join(separator)), body]),
    'buffer',
  );
}
