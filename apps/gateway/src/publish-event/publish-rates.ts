import { Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import { TokenBuckets } from '../http/token-buckets.js';

/** How many events and bytes may be published for a tenant in a second; each gateway process counts for itself. */
@Injectable()
export class PublishRates {
  readonly #events: TokenBuckets | undefined;
  readonly #bytes: TokenBuckets | undefined;

  constructor(config: GatewayConfig) {
    this.#events = bucketsOf(config.PUBLISH_RATE_EVENTS_PER_TENANT);
    this.#bytes = bucketsOf(config.PUBLISH_RATE_BYTES_PER_TENANT);
  }

  /** Before a body is read as events. @throws Problem `rate_limited`, with `Retry-After` set on the reply. */
  countBytes(tenantId: string, bytes: number, reply: FastifyReply): void {
    refuse(this.#bytes?.take(tenantId, bytes), 'bytes', reply);
  }

  /** @throws as `countBytes` does. */
  countEvents(tenantId: string, events: number, reply: FastifyReply): void {
    refuse(this.#events?.take(tenantId, events), 'events', reply);
  }
}

function bucketsOf(perSecond: number): TokenBuckets | undefined {
  return perSecond > 0 ? new TokenBuckets(perSecond) : undefined;
}

function refuse(waitMs: number | undefined, what: string, reply: FastifyReply): void {
  if (waitMs === undefined || waitMs === 0) return;
  void reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
  throw new Problem(
    'rate_limited',
    `These are more ${what} in a second than may be published for this tenant.`,
  );
}
