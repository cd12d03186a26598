import type { ApiDocument, Operation, Schema } from './api-document.js';
import type { TenantWorld } from './tenant-world.js';

/** The example of an operation's body, with one field that names a thing of a tenant's. */
export interface BodyNaming {
  readonly mediaType: string;
  /** Which thing: the name of its parameter in a path. */
  readonly name: string;
  readonly field: string;
  /** Whether the operation has such a field. */
  readonly isDescribed: boolean;
  readonly text: (id: string) => string;
}

/** In all bodies that the operation takes: each kind of thing, singly and as a list, whether or not it has the field. */
export function bodiesNaming(
  operation: Operation,
  document: ApiDocument,
  world: TenantWorld,
): readonly BodyNaming[] {
  const names = Object.keys(world).filter((name) => name.endsWith('Id'));
  return Object.entries(operation.bodies).flatMap(([mediaType, { schema, example }]) => {
    const fields = fieldsOf(schema, document);
    return names.flatMap((name) =>
      [name, `${name}s`].map((field) => ({
        mediaType,
        name,
        field,
        isDescribed: fields.includes(field),
        text: (id: string) => JSON.stringify(withField(example, field, field === name ? id : [id])),
      })),
    );
  });
}

function fieldsOf({ $ref, items, properties }: Schema, document: ApiDocument): readonly string[] {
  if (typeof $ref === 'string') return fieldsOf(document.component($ref), document);
  if (items !== undefined) return fieldsOf(items as Schema, document);
  return Object.keys(properties ?? {});
}

function withField(example: unknown, field: string, value: unknown): unknown {
  return Array.isArray(example)
    ? example.map((one) => withField(one, field, value))
    : { ...(example as object), [field]: value };
}
