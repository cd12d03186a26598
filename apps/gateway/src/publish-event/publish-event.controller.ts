import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';
import { AuthenticateGuard } from '../http/authenticate.guard.js';
import { AcceptEvent, type Accepted } from './accept-event.js';
import { readEnvelope } from './read-envelope.js';

@Controller('v1/tenants/:tenantId/events')
@UseGuards(AuthenticateGuard)
export class PublishEventController {
  constructor(
    private readonly events: AcceptEvent,
    private readonly config: GatewayConfig,
  ) {}

  @Post()
  @HttpCode(202)
  publish(@Param('tenantId') tenantId: string, @Body() body: Buffer): Promise<Accepted> {
    return this.events.accept(tenantId, readEnvelope(body, this.config.MAX_PAYLOAD_BYTES), 'http');
  }
}
