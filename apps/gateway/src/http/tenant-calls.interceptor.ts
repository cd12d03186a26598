import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EMPTY, type Observable } from 'rxjs';
import { operationOf } from '../openapi/operation.js';
import { callerOf } from './caller-of-request.js';
import { TenantCalls } from './tenant-calls.js';

type Incoming = FastifyRequest<{ Params: { tenantId?: string } }>;

/** These have limits of their own. */
const exempt = new Set(['publishEvent', 'publishEvents', 'testDestination']);

/** Lets each call for a tenant wait for its place among those of the same tenant. */
@Injectable()
export class TenantCallsInterceptor implements NestInterceptor {
  constructor(private readonly calls: TenantCalls) {}

  /** @throws Problem `rate_limited` */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const tenantId = tenantOf(context);
    if (tenantId === undefined) return next.handle();
    const end = await this.calls.begin(tenantId);
    const { raw } = context.switchToHttp().getResponse<FastifyReply>();
    // The caller has gone while the call was waiting.
    if (raw.destroyed) {
      end(0);
      return EMPTY;
    }
    raw.once('close', () => end(Number(raw.getHeader('content-length') ?? 0)));
    return next.handle();
  }
}

function tenantOf(context: ExecutionContext): string | undefined {
  if (context.getType() !== 'http') return undefined;
  if (exempt.has(operationOf(context.getHandler())?.id ?? '')) return undefined;
  const request = context.switchToHttp().getRequest<Incoming>();
  return request.params.tenantId ?? callerOf(request)?.tenantId;
}
