import { type JsonSchema } from '#libs/contracts';
import { defaultLimit, maxLimit } from '../http/listing.js';
import type { Route } from './find-routes.js';
import type { Schemas } from './schemas.js';
import { storable } from './storable.js';

/** Those of the path, of the query and of the headers. */
export function describeParameters({ pathParameters, operation }: Route, schemas: Schemas): JsonSchema[] {
  const { query, reply, headers = {} } = operation;
  const isPaged = typeof reply === 'object' && 'isPaged' in reply && reply.isPaged;
  return [
    ...pathParameters.map(inPath),
    ...(query ? inQuery(schemas.fieldsOf(query)) : []),
    ...(isPaged ? paging : []),
    ...Object.entries(headers).map(([name, schema]) => parameter('header', name, schema)),
  ];
}

const paging = [
  parameter('query', 'limit', {
    description: `How many at most. More than ${maxLimit} means ${maxLimit}.`,
    type: 'integer',
    minimum: 1,
    default: defaultLimit,
  }),
  parameter('query', 'cursor', {
    description: 'Where to go on: a `nextCursor` or `prevCursor` of the same list with the same filters.',
    type: 'string',
    minLength: 1,
    pattern: '^[A-Za-z0-9_-]+$',
  }),
];

function inPath(name: string): JsonSchema {
  const [, thing = name] = /^(.*?)(?:Id)?$/.exec(name) ?? [];
  const words = thing.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const description = name === thing ? `Which one.` : `The ${words}'s id.`;
  return { ...parameter('path', name, { description, type: 'string' }), required: true };
}

/** What may be absent is no different from null in a body; in a query there is no null. */
function inQuery(fields: ReturnType<Schemas['fieldsOf']>): JsonSchema[] {
  return fields.map(({ name, isOptional, schema }) => {
    const types = [schema['type']].flat().filter((type) => type !== 'null');
    const values = schema['enum'] as unknown[] | undefined;
    const stated = {
      ...storable(schema),
      type: types.length === 1 ? types[0] : types,
      ...(values && { enum: values.filter((value) => value !== null) }),
    };
    return { ...parameter('query', name, stated), ...(!isOptional && { required: true }) };
  });
}

function parameter(where: 'path' | 'query' | 'header', name: string, schema: JsonSchema): JsonSchema {
  const { description, ...rest } = schema;
  return { name, in: where, ...(description !== undefined && { description }), schema: rest };
}
