import { Problem } from '#libs/contracts';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { operationOf } from '../openapi/operation.js';
import { callerOf } from './caller-of-request.js';
import { TenantCalls } from './tenant-calls.js';

/** These have limits of their own. */
const exempt = new Set(['publishEvent', 'publishEvents', 'testDestination']);

/** Lets each call of a tenant's key wait for its place among those of the same tenant. The operator's keys wait for none. */
@Injectable()
export class TenantCallsInterceptor implements NestInterceptor {
  constructor(private readonly calls: TenantCalls) {}

  /** @throws Problem `rate_limited` */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const tenantId = tenantOf(context);
    if (tenantId === undefined) return next.handle();
    const end = await this.calls.begin(tenantId);
    const { raw } = context.switchToHttp().getResponse<FastifyReply>();
    if (raw.destroyed) {
      end(0);
      throw new Problem('rate_limited', 'The caller has gone while the call waited.');
    }
    const closed = new Promise((resolve) => raw.once('close', resolve));
    const result = lastValueFrom(next.handle(), { defaultValue: undefined });
    // A caller that has gone does not end the work that other services do for it.
    void Promise.allSettled([result, closed]).then(() => end(Number(raw.getHeader('content-length') ?? 0)));
    return from(result);
  }
}

function tenantOf(context: ExecutionContext): string | undefined {
  if (context.getType() !== 'http') return undefined;
  if (exempt.has(operationOf(context.getHandler())?.id ?? '')) return undefined;
  return callerOf(context.switchToHttp().getRequest<FastifyRequest>())?.tenantId;
}
