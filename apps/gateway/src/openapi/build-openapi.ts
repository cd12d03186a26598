import { type JsonSchema, ProblemDocument, version } from '#libs/contracts';
import type { Type } from '@nestjs/common';
import { describeOperation, tagOf } from './describe-operation.js';
import { findRoutes, type Route } from './find-routes.js';
import { Schemas } from './schemas.js';

/**
 * The OpenAPI 3.1 document of what these controllers answer.
 * @throws naming what is not described, or described twice.
 */
export function buildOpenApi(controllers: readonly Type[]): JsonSchema {
  const routes = findRoutes(controllers).toSorted((one, other) => rankOf(one) - rankOf(other));
  const schemas = new Schemas();
  schemas.refTo(ProblemDocument);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const operations = (paths[route.path] ??= {});
    operations[route.method] = describeOperation(route, schemas);
  }
  checkIds(routes);
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Posthorn',
      version,
      summary: "A self-hosted event gateway: publish an event once, every subscriber's destination gets it.",
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: tagsOf(routes),
    paths,
    components: { schemas: schemas.components, headers, securitySchemes },
  };
}

const description = `Every route under \`/v1\` wants \`Authorization: Bearer <key>\`.

Lists give \`{ data, nextCursor, prevCursor }\`, newest first; hand a cursor back as \`?cursor=\`, with the same filters, to go on. Errors are \`application/problem+json\`: programs go by \`code\`, people by \`detail\`. 429 and 503 say in \`Retry-After\` when to ask again. Events may also be published straight into RabbitMQ: [/asyncapi.json](/asyncapi.json) tells how.`;

const headers = {
  'x-request-id': { description: 'Under this the log tells of the request.', schema: { type: 'string' } },
  'retry-after': { description: 'When to ask again, in seconds.', schema: { type: 'integer' } },
  'www-authenticate': { description: 'Which kind of key is wanted.', schema: { type: 'string' } },
};

const securitySchemes = {
  key: { type: 'http', scheme: 'bearer', description: 'A key, in `Authorization: Bearer <key>`.' },
};

/** What a reader meets first: how things are set up, then what happens with them. */
const tags: Readonly<Record<string, string>> = {
  tenants: 'Your customers, by ids of your own.',
  destinations: 'Where a tenant wants events, and which.',
  events: 'What was published.',
  deliveries: 'What became of each event at each destination.',
  'api-keys': 'Who may call what.',
  parked: 'Messages that Posthorn could not process, for its operator.',
  service: 'Health and these documents; no key is needed.',
};

function rankOf({ path }: Route): number {
  const rank = Object.keys(tags).indexOf(tagOf(path));
  return rank === -1 ? 3.5 : rank;
}

function tagsOf(routes: readonly Route[]): JsonSchema[] {
  const names = new Set(routes.map(({ path }) => tagOf(path)));
  return [...names].map((name) => ({ name, ...(tags[name] !== undefined && { description: tags[name] }) }));
}

function checkIds(routes: readonly Route[]): void {
  const ids = routes.map(({ operation }) => operation.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new Error(`Two routes are described as "${twice}": each needs an id of its own.`);
}
