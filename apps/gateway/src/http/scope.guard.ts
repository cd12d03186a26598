import { type ApiScope, isProblem, Problem } from '#libs/contracts';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KeyUses } from '../api-keys/key-uses.js';
import { countAuthFailure } from './auth-metrics.js';
import { Authenticator } from './authenticator.js';
import { KnownTenants } from '../tenants/known-tenants.js';
import { type Caller, refusalOf } from './caller.js';
import { callerOf, setCaller } from './caller-of-request.js';
import { RateLimits } from './rate-limits.js';
import { scopeOf } from './scope.js';

type Incoming = FastifyRequest<{ Params: { tenantId?: string } }>;

/** These take the public id: the tenant may not exist. */
const routeOfTenants = '/v1/tenants/:tenantId';

/**
 * Stands before every route: an open one is for everybody, any other for keys that have its scope. In the path of a
 * route about what a tenant has, it replaces the tenant's public id by its reference, so that no handler can forget to.
 */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly limits: RateLimits,
    private readonly uses: KeyUses,
    private readonly tenants: KnownTenants,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // A handler of messages: RabbitMQ has asked already who may write to its queue.
    if (context.getType() !== 'http') return true;
    const scope = scopeOf(context.getHandler());
    if (scope === 'open') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Incoming>();
    // What says nothing does not get this far: see ScopeCheck.
    const caller = this.#callerOf(request, scope ?? 'admin');
    const reference = await this.#referenceFor(caller, request);
    this.limits.count(caller, reference, http.getResponse<FastifyReply>());
    if (request.params.tenantId === undefined) return true;
    if (reference === undefined) throw new Problem('not_found', 'There is no such tenant.');
    request.params.tenantId = reference;
    return true;
  }

  #callerOf(request: Incoming, scope: ApiScope): Caller {
    const caller = callerOf(request) ?? this.authenticator.authenticate(request.headers.authorization);
    if (isProblem(caller)) throw caller;
    setCaller(request, caller);
    this.uses.note(caller.keyId);
    const refusal = refusalOf(caller, { scope, tenantId: request.params.tenantId });
    if (refusal) {
      countAuthFailure(refusal.code === 'insufficient_scope' ? 'scope' : 'tenant');
      throw refusal;
    }
    return caller;
  }

  async #referenceFor(caller: Caller, { params, routeOptions }: Incoming): Promise<string | undefined> {
    const { tenantId } = params;
    if (tenantId === undefined || routeOptions.url === routeOfTenants) return tenantId;
    const reference = await this.tenants.find(tenantId);
    if (caller.tenantId === undefined || caller.tenantId === reference) return reference;
    // Either the tenant or the key belongs to an earlier generation: the registry decides.
    this.tenants.forget(tenantId);
    return (await this.tenants.find(tenantId)) === caller.tenantId ? caller.tenantId : undefined;
  }
}
