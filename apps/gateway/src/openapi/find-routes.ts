import { RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { scopeOf } from '../http/scope.js';
import { type OperationOptions, operationOf } from './operation.js';

/** A route as Nest's decorators and ours tell it. */
export interface Route {
  /** `get`, `post` and so on. */
  readonly method: string;
  /** `/v1/tenants/{tenantId}` */
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly status: number;
  /** What a key must be allowed; undefined where none is needed. */
  readonly scope: string | undefined;
  /** The class that a `JsonBodyPipe` reads the body as. */
  readonly body: Type | undefined;
  readonly operation: OperationOptions;
}

/** What is not described is not found by whoever uses the API, and no generated test asks for it. */
class UndescribedRouteError extends Error {
  override readonly name = 'UndescribedRouteError';

  constructor(routes: readonly string[]) {
    super(
      `Not described: ${routes.join(', ')}. ` +
        'Add @Operation({ id, summary, reply, problems }) to each; a neighbouring controller shows how it is used.',
    );
  }
}

/** @throws UndescribedRouteError naming every route of the controllers without `@Operation`. */
export function findRoutes(controllers: readonly Type[]): Route[] {
  const handlers = controllers.flatMap(handlersOf);
  const undescribed = handlers.filter(({ method }) => operationOf(method) === undefined);
  if (undescribed.length > 0) {
    throw new UndescribedRouteError(undescribed.map(({ type, name }) => `${type.name}.${name}`));
  }
  return handlers.map(routeOf);
}

interface Handler {
  readonly type: Type;
  readonly name: string;
  readonly method: object;
}

/** The methods that answer HTTP requests: those with a verb. */
function handlersOf(type: Type): Handler[] {
  const methods = type.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(methods).flatMap((name) => {
    const method = methods[name];
    return method && Reflect.hasMetadata(METHOD_METADATA, method) ? [{ type, name, method }] : [];
  });
}

function routeOf({ type, name, method }: Handler): Route {
  const operation = operationOf(method) as OperationOptions;
  const verb = Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod;
  const parts = [type, method].flatMap((target) =>
    String(Reflect.getMetadata(PATH_METADATA, target)).split('/'),
  );
  const names = parts.filter((part) => part !== '');
  const scope = scopeOf(method);
  return {
    method: RequestMethod[verb].toLowerCase(),
    path: `/${names.map((part) => part.replace(/^:(.*)$/, '{$1}')).join('/')}`,
    pathParameters: names.filter((part) => part.startsWith(':')).map((part) => part.slice(1)),
    status: statusOf(method, verb),
    scope: scope === 'open' ? undefined : scope,
    body: bodyOf(type, name),
    operation,
  };
}

function statusOf(method: object, verb: RequestMethod): number {
  const declared = Reflect.getMetadata(HTTP_CODE_METADATA, method) as number | undefined;
  return declared ?? (verb === RequestMethod.POST ? 201 : 200);
}

/** What is in the method's `@Body(new JsonBodyPipe(…))`, if it has one. */
export function bodyOf(type: Type, name: string): Type | undefined {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Record<
    string,
    { pipes?: readonly unknown[] }
  >;
  const pipe = Object.values(parameters)
    .flatMap(({ pipes = [] }) => pipes)
    .find((candidate) => candidate instanceof JsonBodyPipe);
  return pipe?.type as Type | undefined;
}
