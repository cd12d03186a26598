import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { bodyOf } from '../openapi/find-routes.js';
import { operationOf } from '../openapi/operation.js';
import { JsonBodyPipe } from './json-body.pipe.js';

class NoFields {}

const empty = new JsonBodyPipe(NoFields);

/** Holds the body of a route that reads none to the rule of all others: a field that is not known is an error. */
@Injectable()
export class RefuseBodyInterceptor implements NestInterceptor {
  /** @throws Problem `validation_failed` that names the fields, or what is wrong with the body as JSON. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      const { body } = context.switchToHttp().getRequest<FastifyRequest<{ Body: Buffer | undefined }>>();
      if (body && !readsBody(context)) empty.transform(body);
    }
    return next.handle();
  }
}

function readsBody(context: ExecutionContext): boolean {
  const handler = context.getHandler();
  return operationOf(handler)?.body !== undefined || bodyOf(context.getClass(), handler.name) !== undefined;
}
