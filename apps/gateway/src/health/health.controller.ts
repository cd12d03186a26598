import { AmqpServer, Broker } from '#libs/messaging';
import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** For load balancers in front of the API; the same is on the metrics port. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly broker: Broker,
    private readonly server: AmqpServer,
  ) {}

  @Get('live')
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { status: string } {
    const ready = this.broker.isReady && this.server.isReady;
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'unavailable' };
  }
}
