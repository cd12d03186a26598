import { Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import type { Caller } from './caller.js';
import { TokenBuckets } from './token-buckets.js';

/** How many calls a key may make, and how many may be made for a tenant; each gateway process counts for itself. */
@Injectable()
export class RateLimits {
  readonly #ofKeys: TokenBuckets | undefined;
  readonly #ofTenants: TokenBuckets | undefined;

  constructor({ API_RATE_PER_KEY, API_RATE_PER_TENANT }: GatewayConfig) {
    this.#ofKeys = API_RATE_PER_KEY > 0 ? new TokenBuckets(API_RATE_PER_KEY) : undefined;
    this.#ofTenants = API_RATE_PER_TENANT > 0 ? new TokenBuckets(API_RATE_PER_TENANT) : undefined;
  }

  /** @throws Problem `rate_limited`, with `Retry-After` set on the reply. */
  count({ keyId }: Caller, tenantId: string | undefined, reply: FastifyReply): void {
    // The root key is the operator's own way in: no limit is to keep it out.
    const limitOfKey = keyId === 'root' ? undefined : this.#ofKeys;
    const waitMs = limitOfKey?.take(keyId) || (tenantId && this.#ofTenants?.take(tenantId)) || 0;
    if (waitMs === 0) return;
    void reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
    throw new Problem('rate_limited', 'These are more calls than this key, or this tenant, may make.');
  }
}
