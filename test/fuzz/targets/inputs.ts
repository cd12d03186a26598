import type { Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import fc from 'fast-check';
import { GatewayModule } from '../../../apps/gateway/src/gateway.module.js';
import { JsonBodyPipe } from '../../../apps/gateway/src/http/json-body.pipe.js';
import { readInput } from '../../../apps/gateway/src/http/read-input.js';
import { StorableTextPipe } from '../../../apps/gateway/src/http/storable-text.js';
import { findRoutes } from '../../../apps/gateway/src/openapi/find-routes.js';
import { Problem } from '#libs/contracts';
import { listed, damage, damaged, pieces, textOf } from '../hostile.js';
import { jsonOf, recipes } from '../hostile-json.js';
import { target } from '../target.js';

const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, GatewayModule) as Type[];
const routes = findRoutes(controllers);
const bodies = [...new Set(routes.flatMap(({ body }) => (body === undefined ? [] : [body as Type<object>])))];
const queries = [
  ...new Set(
    routes.flatMap(({ operation }) =>
      operation.query === undefined ? [] : [operation.query as Type<object>],
    ),
  ),
];
const byName = (types: readonly Type<object>[]) => fc.constantFrom(...types.map(({ name }) => name));
const maxTargetBytes = 16 * 1024;

const names = listed(`
  url eventTypes filter headers metadata retrySchedule timeoutMs secret name scopes tenantId expiresAt
  schema example description statuses after before ids x`);
const texts = ['http://127.0.0.1/', 'a.b', '5s', 'admin', '2026-01-01T00:00:00Z', '2026-02-30', '#', '*'];

export const inputTargets = [
  target({
    name: 'body',
    input: fc.record({ type: byName(bodies), recipe: recipes(names, texts), damage }),
    prepare: ({ type, recipe, damage: places }) => {
      const bytes = damaged(jsonOf(recipe), places);
      const pipe = new JsonBodyPipe(classOf(bodies, type));
      return {
        bytes: bytes.length,
        run: () => {
          pipe.transform(bytes);
          return undefined;
        },
      };
    },
  }),
  target({
    name: 'query',
    input: fc.record({
      type: byName(queries),
      parameters: fc.array(fc.tuple(fc.constantFrom(...names, 'limit', 'cursor', 'type'), pieces(texts, 3)), {
        maxLength: 6,
      }),
      others: fc.integer({ min: 0, max: 2000 }),
    }),
    prepare: ({ type, parameters, others }) => {
      const share = Math.floor(maxTargetBytes / (parameters.length + 1));
      const query = {
        ...Object.fromEntries(Array.from({ length: others }, (_, index) => [`p${index}`, '1'])),
        ...Object.fromEntries(parameters.map(([name, value]) => [name, textOf(value, share)])),
      };
      return {
        bytes: Object.entries(query).reduce((sum, [name, value]) => sum + name.length + value.length, 0),
        run: () => {
          new StorableTextPipe().transform(query, { type: 'query' });
          const { faults } = readInput(classOf(queries, type), query);
          throw new Problem('invalid_query', '', faults);
        },
      };
    },
  }),
];

function classOf(types: readonly Type<object>[], name: string): Type<object> {
  const found = types.find((type) => type.name === name);
  if (!found) throw new Error(`There is no class ${name}.`);
  return found;
}
