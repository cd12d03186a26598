import type { JsonSchema } from '#libs/contracts';

/** Of a text that may hold anything but U+0000: see `unstorableText`. Halves of surrogate pairs no pattern can name. */
export const storablePattern = String.raw`^[^\u0000]*$`;

/** A schema of what a caller sends, with what every text is held to. */
export function storable(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, propertyNames } = schema;
  return {
    ...schema,
    ...(isFreeText(schema) && { pattern: storablePattern }),
    ...(isSchema(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, field]) => [name, storable(field as JsonSchema)]),
      ),
    }),
    ...(isSchema(items) && { items: storable(items) }),
    ...(isSchema(additionalProperties) && { additionalProperties: storable(additionalProperties) }),
    ...(isSchema(propertyNames) && { propertyNames: storable({ type: 'string', ...propertyNames }) }),
  };
}

function isFreeText({ type, pattern, format, enum: values }: JsonSchema): boolean {
  const isText = [type].flat().includes('string');
  return isText && [pattern, format, values].every((keyword) => keyword === undefined);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
