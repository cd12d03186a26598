import { isProblem } from '#libs/contracts';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from './authenticator.js';
import { refusalOf } from './caller.js';
import { callerOf, setCaller } from './caller-of-request.js';
import { RateLimits } from './rate-limits.js';
import { scopeOf } from './scope.js';

/** Stands before every route: an open one is for everybody, any other for keys that have its scope. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    // A handler of messages: RabbitMQ has asked already who may write to its queue.
    if (context.getType() !== 'http') return true;
    const scope = scopeOf(context.getHandler());
    if (scope === 'open') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest<{ Params: { tenantId?: string } }>>();
    const caller = callerOf(request) ?? this.authenticator.authenticate(request.headers.authorization);
    if (isProblem(caller)) throw caller;
    setCaller(request, caller);
    const { tenantId } = request.params;
    // What says nothing does not get this far: see ScopeCheck.
    const refusal = refusalOf(caller, { scope: scope ?? 'admin', tenantId });
    if (refusal) throw refusal;
    this.limits.count(caller, tenantId, http.getResponse<FastifyReply>());
    return true;
  }
}
