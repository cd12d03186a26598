import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { scopeOf } from './scope.js';

/** A route that says nothing would be anybody's or nobody's, and it would be found out late which. */
class UndeclaredScopeError extends Error {
  override readonly name = 'UndeclaredScopeError';

  constructor(routes: readonly string[]) {
    super(
      `No scope is declared for ${routes.join(', ')}. ` +
        "Add to each the scope that a key needs, such as @Scope('events:read'), or @Open() if it needs no key.",
    );
  }
}

/** Keeps a gateway with such a route from starting. */
@Injectable()
export class ScopeCheck implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    checkScopes(this.discovery.getControllers().flatMap(({ metatype }) => (metatype as Type | null) ?? []));
  }
}

/** @throws UndeclaredScopeError naming every route of the controllers that has neither `@Scope` nor `@Open`. */
export function checkScopes(controllers: readonly Type[]): void {
  const undeclared = controllers.flatMap((controller) =>
    routesOf(controller)
      .filter(({ method }) => scopeOf(method) === undefined)
      .map(({ name }) => `${controller.name}.${name}`),
  );
  if (undeclared.length > 0) throw new UndeclaredScopeError(undeclared);
}

/** The methods that answer HTTP requests: those with a verb. */
function routesOf({ prototype }: Type): { name: string; method: object }[] {
  const methods = prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(methods).flatMap((name) => {
    const method = methods[name];
    return method && Reflect.hasMetadata(METHOD_METADATA, method) ? [{ name, method }] : [];
  });
}
