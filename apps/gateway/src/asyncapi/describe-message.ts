import { descriptionOf, type JsonSchema, type topology } from '#libs/contracts';
import type { Schemas } from '../openapi/schemas.js';

type MessageType = (typeof topology)[number]['message'];

/** A message of our own: its fields are its JSON body, or its headers beside opaque bytes. */
export function describeMessage(type: MessageType, schemas: Schemas): JsonSchema {
  const { text } = descriptionOf(type);
  const fields = schemas.refTo(type);
  return {
    name: type.type,
    title: type.name,
    ...(text !== undefined && { description: text }),
    ...(type.encoding === 'json'
      ? { contentType: 'application/json', payload: fields }
      : {
          contentType: 'application/octet-stream',
          headers: fields,
          payload: { type: 'string', format: 'binary' },
        }),
  };
}
