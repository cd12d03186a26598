import { isProblem } from '#libs/contracts';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KeyUses } from '../api-keys/key-uses.js';
import { countAuthFailure } from './auth-metrics.js';
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
    private readonly uses: KeyUses,
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
    this.uses.note(caller.keyId);
    const { tenantId } = request.params;
    // What says nothing does not get this far: see ScopeCheck.
    const refusal = refusalOf(caller, { scope: scope ?? 'admin', tenantId });
    if (refusal) {
      countAuthFailure(refusal.code === 'insufficient_scope' ? 'scope' : 'tenant');
      throw refusal;
    }
    this.limits.count(caller, tenantId, http.getResponse<FastifyReply>());
    return true;
  }
}
