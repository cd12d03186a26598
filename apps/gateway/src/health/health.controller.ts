import { Describe, OrAbsent } from '#libs/contracts';
import { Readiness, type ReadinessReport } from '#libs/observability';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { retryAfterS } from '../http/problem.filter.js';
import { Open } from '../http/scope.js';
import { IsIn, IsString } from 'class-validator';
import { Operation } from '../openapi/operation.js';

class Health {
  @IsIn(['ok', 'unavailable']) status: 'ok' | 'unavailable';
  @Describe('What is not there, by name.') @OrAbsent() @IsString({ each: true }) missing?: string[];
}

/** For load balancers in front of the API; the same is on the metrics port. */
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Open()
  @Operation({ id: 'getLive', summary: 'Does the process answer?', reply: Health })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Open()
  @Operation({ id: 'getReady', summary: 'Can it do its work?', reply: Health, otherReplies: { 503: Health } })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (report.status !== 'ok') void reply.status(503).header('retry-after', String(retryAfterS));
    return report;
  }
}
