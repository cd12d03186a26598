import { type Actor, publicTenantId } from '#libs/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

const callers = new WeakMap<object, Caller>();

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** @returns undefined where no key was shown or the key is not valid. */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return callers.get(request);
}

/** A parameter of a route: its caller, for requests to other services. */
export const FromCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const caller = callerOf(request);
  if (caller === undefined) throw new Error('This route has no caller. Declare its scope with @Scope.');
  return actorOf(request, caller);
});

function actorOf({ ip, id }: FastifyRequest, { keyId, scopes, tenantId, expiresAtMs }: Caller): Actor {
  return {
    keyId,
    scopes: [...scopes],
    ...(tenantId !== undefined && { tenantId: publicTenantId(tenantId) }),
    ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs).toISOString() }),
    address: ip,
    requestId: id,
  };
}
