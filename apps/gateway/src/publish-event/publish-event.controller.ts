import { eventIdOfKey } from '#libs/contracts';
import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';
import { Scope } from '../http/scope.js';
import { AcceptEvent, type Accepted } from './accept-event.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { readEnvelope } from './read-envelope.js';

@Controller('v1/tenants/:tenantId/events')
export class PublishEventController {
  constructor(
    private readonly events: AcceptEvent,
    private readonly config: GatewayConfig,
  ) {}

  @Post()
  @HttpCode(202)
  @Scope('events:write')
  publish(
    @Param('tenantId') tenantId: string,
    @Body() body: Buffer,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ): Promise<Accepted> {
    const key = readIdempotencyKey(idempotencyKey);
    const envelope = readEnvelope(body, this.config.MAX_PAYLOAD_BYTES);
    const id = envelope.id ?? (key === undefined ? undefined : eventIdOfKey(tenantId, key));
    return this.events.accept(tenantId, { ...envelope, ...(id !== undefined && { id }) }, 'http');
  }
}
