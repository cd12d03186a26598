import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '#libs/contracts';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';

/** Lets through who has the root key. Digests are compared, so that the time it takes tells nothing of the key. */
@Injectable()
export class AuthenticateGuard implements CanActivate {
  readonly #rootKey: Buffer;

  constructor(config: GatewayConfig) {
    this.#rootKey = digest(config.POSTHORN_ROOT_KEY.reveal());
  }

  canActivate(context: ExecutionContext): boolean {
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
