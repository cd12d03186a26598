import type { ApiScope } from '#libs/contracts';
import { SetMetadata } from '@nestjs/common';

const SCOPE = 'posthorn:scope';

/**
 * What a key must be allowed to do to call this route. `admin` makes it one of the operator's: a key that is bound to a
 * tenant may not call it whatever its scopes.
 */
export const Scope = (scope: ApiScope): MethodDecorator => SetMetadata(SCOPE, scope);

/** This route is for everybody, without a key. */
export const Open = (): MethodDecorator => SetMetadata(SCOPE, 'open');

/** @returns undefined if the method says nothing. */
export function scopeOf(method: object): ApiScope | 'open' | undefined {
  return Reflect.getMetadata(SCOPE, method) as ApiScope | 'open' | undefined;
}
