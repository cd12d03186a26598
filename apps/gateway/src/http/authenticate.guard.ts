import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '#libs/contracts';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import { scopeOf } from './scope.js';

/**
 * Stands before every route: lets everybody through to an open one, and to the others who has the root key. Digests are
 * compared, so that the time it takes tells nothing of the key.
 */
@Injectable()
export class AuthenticateGuard implements CanActivate {
  readonly #rootKey: Buffer;

  constructor(config: GatewayConfig) {
    this.#rootKey = digest(config.POSTHORN_ROOT_KEY.reveal());
  }

  canActivate(context: ExecutionContext): boolean {
    // A handler of messages: RabbitMQ has asked already who may write to its queue.
    if (context.getType() !== 'http') return true;
    if (scopeOf(context.getHandler()) === 'open') return true;
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (key !== undefined && timingSafeEqual(digest(key), this.#rootKey)) return true;
    throw new Problem(
      'unauthenticated',
      key === undefined ? 'Send the header "Authorization: Bearer <key>".' : 'This key is not known.',
    );
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
