import type { JsonSchema, ProblemCode } from '#libs/contracts';
import { describeProblems } from './describe-problems.js';
import { describeParameters } from './describe-parameters.js';
import type { Route } from './find-routes.js';
import type { Shape } from './operation.js';
import type { Schemas } from './schemas.js';

/** A route as an Operation Object of OpenAPI 3.1. */
export function describeOperation(route: Route, schemas: Schemas): JsonSchema {
  const { id, summary, description } = route.operation;
  const parameters = describeParameters(route, schemas);
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags: [tagOf(route.path)],
    security: route.scope === undefined ? [] : [{ key: [route.scope] }],
    ...(parameters.length > 0 && { parameters }),
    ...requestBodyOf(route, schemas),
    responses: { ...repliesOf(route, schemas), ...describeProblems(problemsOf(route)) },
  };
}

/** What it is about: the first part of its path that is no tenant. */
export function tagOf(path: string): string {
  const [version, ...parts] = path.split('/').slice(1);
  if (version !== 'v1') return 'service';
  return parts[0] === 'tenants' && parts[2] !== undefined ? parts[2] : (parts[0] ?? 'service');
}

function requestBodyOf({ method, body, operation }: Route, schemas: Schemas): JsonSchema {
  if (body) return { requestBody: ofClass(body, mediaTypesOf(method), schemas) };
  if (!operation.body) return {};
  const content = Object.entries(operation.body).map(([mediaType, { schema, example }]) => [
    mediaType,
    { schema: schema((type) => schemas.refToInput(type)), example },
  ]);
  return { requestBody: { required: true, content: Object.fromEntries(content) as JsonSchema } };
}

function mediaTypesOf(method: string): string[] {
  return ['application/json', ...(method === 'patch' ? ['application/merge-patch+json'] : [])];
}

function ofClass(
  type: NonNullable<Route['body']>,
  mediaTypes: readonly string[],
  schemas: Schemas,
): JsonSchema {
  const schema = schemas.refToInput(type);
  const isRequired = schemas.fieldsOf(type).some(({ isOptional }) => !isOptional);
  const [example] = (schemas.schemaOf(type)['examples'] ?? []) as unknown[];
  if (example === undefined) {
    throw new Error(`${type.name} is a body and needs an example: @Describe('…', { examples: [{ … }] }).`);
  }
  const content = mediaTypes.map((mediaType) => [mediaType, { schema, example }]);
  return { required: isRequired, content: Object.fromEntries(content) as JsonSchema };
}

function repliesOf({ status, operation }: Route, schemas: Schemas): JsonSchema {
  const { reply, otherReplies = {} } = operation;
  const shapes = new Map<number, Shape | undefined>();
  for (const one of operation.status ?? [status]) shapes.set(one, reply);
  for (const [one, shape] of Object.entries(otherReplies)) shapes.set(Number(one), shape);
  return Object.fromEntries([...shapes].map(([one, shape]) => [String(one), replyOf(one, shape, schemas)]));
}

function replyOf(status: number, shape: Shape | undefined, schemas: Schemas): JsonSchema {
  const description = statusTexts[status] ?? 'Something else.';
  const names = ['x-request-id', ...(status === 503 ? ['retry-after'] : [])];
  const headers = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
  return { description, headers, ...(shape && { content: contentOf(shape, schemas) }) };
}

const statusTexts: Readonly<Record<number, string>> = {
  200: 'As asked.',
  201: 'It was made.',
  202: 'It is durably accepted, and goes on from here.',
  204: 'It is done.',
  302: 'It is elsewhere.',
  503: 'Not now.',
};

function contentOf(shape: Shape, schemas: Schemas): JsonSchema {
  if (typeof shape === 'function') return { 'application/json': { schema: schemas.refTo(shape) } };
  if ('mediaType' in shape) return { [shape.mediaType]: { schema: shape.schema } };
  const cursor = shape.isPaged ? { type: ['string', 'null'] } : { type: 'null' };
  const schema = {
    type: 'object',
    required: ['data', 'nextCursor', 'prevCursor'],
    properties: {
      data: { type: 'array', items: schemas.refTo(shape.list) },
      nextCursor: cursor,
      prevCursor: cursor,
    },
  };
  return { 'application/json': { schema } };
}

/** What every route of its kind can answer, beside what its decorator says. */
function problemsOf(route: Route): ProblemCode[] {
  const { operation, method, scope, pathParameters } = route;
  const isPaged =
    typeof operation.reply === 'object' && 'isPaged' in operation.reply && operation.reply.isPaged;
  const kinds: [boolean, readonly ProblemCode[]][] = [
    [
      scope !== undefined,
      ['unauthenticated', 'insufficient_scope', 'rate_limited', 'unavailable', 'internal_error'],
    ],
    [pathParameters.length > 0, ['not_found']],
    [true, ['unsupported_media_type']],
    [isPaged, ['invalid_query', 'invalid_cursor']],
    // Of a route that reads no body, too: see RefuseBodyInterceptor.
    [
      method !== 'get',
      ['payload_too_large', 'invalid_json', 'invalid_utf8', 'json_too_deep', 'validation_failed'],
    ],
  ];
  const codes = kinds.flatMap(([applies, of]) => (applies ? of : []));
  return [...new Set([...codes, ...(operation.problems ?? [])])];
}
