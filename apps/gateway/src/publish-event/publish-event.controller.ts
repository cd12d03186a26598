import {
  eventIdOfKey,
  NewEvent,
  isProblem,
  maxBatchEvents,
  Problem,
  problemDocument,
  PublishedBatch,
  PublishedEvent,
} from '#libs/contracts';
import { Body, Controller, Headers, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';
import { AcceptEvent } from './accept-event.js';
import { idempotencyKeySchema, readIdempotencyKey } from './idempotency-key.js';
import { type Envelope, readEnvelope, readEnvelopes } from './read-envelope.js';

type PublishHeaders = Readonly<Record<string, string | undefined>>;

const nothing = Buffer.alloc(0);

@Controller('v1/tenants/:tenantId/events')
export class PublishEventController {
  constructor(
    private readonly events: AcceptEvent,
    private readonly config: GatewayConfig,
  ) {}

  @Post()
  @HttpCode(202)
  @Scope('events:write')
  @Operation({
    id: 'publishEvent',
    summary: 'Publish an event',
    description:
      'Answered once RabbitMQ has it for certain. The same id, or the same `Idempotency-Key`, again within seven days is answered alike and delivered once.',
    reply: PublishedEvent,
    body: {
      'application/json': {
        schema: (refTo) => refTo(NewEvent),
        example: { type: 'invoice.paid', data: { invoice: 'in_1', amount: 4200 } },
      },
    },
    headers: { 'idempotency-key': idempotencyKeySchema },
    problems: ['not_found'],
  })
  publish(
    @Param('tenantId') tenantId: string,
    @Body() body: Buffer | undefined,
    @Headers() headers: PublishHeaders,
  ): Promise<PublishedEvent> {
    const key = readIdempotencyKey(headers['idempotency-key']);
    mustBeJson(headers['content-type']);
    const envelope = readEnvelope(body ?? nothing, this.config.MAX_PAYLOAD_BYTES);
    return this.events.accept(tenantId, identified(envelope, tenantId, key), 'http');
  }

  @Post('batch')
  @HttpCode(202)
  @Scope('events:write')
  @Operation({
    id: 'publishEvents',
    summary: 'Publish up to a thousand events',
    description: 'The good ones are accepted whatever their neighbours; each has its answer in its place.',
    reply: PublishedBatch,
    body: {
      'application/json': {
        schema: (refTo) => ({ type: 'array', minItems: 1, maxItems: maxBatchEvents, items: refTo(NewEvent) }),
        example: [
          { type: 'invoice.paid', data: { invoice: 'in_1' } },
          { type: 'invoice.paid', data: { invoice: 'in_2' } },
        ],
      },
    },
    headers: { 'idempotency-key': idempotencyKeySchema },
    problems: ['not_found'],
  })
  async publishBatch(
    @Param('tenantId') tenantId: string,
    @Body() body: Buffer | undefined,
    @Headers() headers: PublishHeaders,
    @Req() { id: requestId }: FastifyRequest,
  ): Promise<PublishedBatch> {
    const key = readIdempotencyKey(headers['idempotency-key']);
    mustBeJson(headers['content-type']);
    const readings = readEnvelopes(body ?? nothing, this.config.MAX_PAYLOAD_BYTES).map((reading, index) =>
      isProblem(reading) ? reading : identified(reading, tenantId, key && `${key}\n${index}`),
    );
    const results = await this.events.acceptAll(tenantId, readings, 'http');
    return {
      data: results.map((result) =>
        isProblem(result) ? { error: problemDocument(result, requestId) } : { id: result.id },
      ),
    };
  }
}

/** @throws Problem `unsupported_media_type` */
function mustBeJson(contentType: string | undefined): void {
  if (/^application\/json\s*(;|$)/i.test(contentType ?? '')) return;
  throw new Problem('unsupported_media_type', 'Send a body with "content-type: application/json".');
}

/** Under an idempotency key, what has no id of its own gets the same one each time. */
function identified(envelope: Envelope, tenantId: string, key: string | undefined): Envelope {
  return envelope.id !== undefined || key === undefined
    ? envelope
    : { ...envelope, id: eventIdOfKey(tenantId, key) };
}
