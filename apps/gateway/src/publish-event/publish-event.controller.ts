import { eventIdOfKey, isProblem, PublishedBatch, PublishedEvent } from '#libs/contracts';
import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';
import { AcceptEvent } from './accept-event.js';
import { answerBatch } from './answer-batch.js';
import { idempotencyKeySchema, readIdempotencyKey } from '../http/idempotency-key.js';
import { batchBodies, cloudEventHeaders, eventBodies } from './published-bodies.js';
import type { Envelope, Reading } from './read-envelope.js';
import { type Published, type PublishHeaders, readRequest } from './read-request.js';

type Incoming = Pick<FastifyRequest, 'id' | 'body' | 'headers'> & { readonly body: Buffer | undefined };

const nothing = Buffer.alloc(0);

@Controller('v1/tenants/:tenantId/events')
export class PublishEventController {
  constructor(
    private readonly events: AcceptEvent,
    private readonly config: GatewayConfig,
  ) {}

  /** One event; a batch of CloudEvents says by its content type that it is one. */
  @Post()
  @HttpCode(202)
  @Scope('events:write')
  @Operation({
    id: 'publishEvent',
    summary: 'Publish an event',
    description:
      'Answered once RabbitMQ has it for certain. The same id, or the same `Idempotency-Key`, again within seven days is answered alike and delivered once. A body of `application/cloudevents-batch+json` is answered as a batch.',
    reply: { anyOf: [PublishedEvent, PublishedBatch] },
    body: eventBodies,
    headers: { 'idempotency-key': idempotencyKeySchema, ...cloudEventHeaders },
    problems: ['not_found', 'schema_mismatch'],
  })
  publish(
    @Param('tenantId') tenantId: string,
    @Req() request: Incoming,
  ): Promise<PublishedEvent | PublishedBatch> {
    const { published, key } = this.#read(request, false);
    return 'batch' in published
      ? this.#publishAll(tenantId, identifiedEach(published.batch, tenantId, key), request)
      : this.events.accept(tenantId, identified(published.event, tenantId, key), 'http');
  }

  @Post('batch')
  @HttpCode(202)
  @Scope('events:write')
  @Operation({
    id: 'publishEvents',
    summary: 'Publish up to a thousand events',
    description: 'The good ones are accepted whatever their neighbours; each has its answer in its place.',
    reply: PublishedBatch,
    body: batchBodies,
    headers: { 'idempotency-key': idempotencyKeySchema, ...cloudEventHeaders },
    problems: ['not_found', 'schema_mismatch'],
  })
  publishBatch(@Param('tenantId') tenantId: string, @Req() request: Incoming): Promise<PublishedBatch> {
    const { published, key } = this.#read(request, true);
    const readings = 'batch' in published ? published.batch : [published.event];
    return this.#publishAll(tenantId, identifiedEach(readings, tenantId, key), request);
  }

  #read({ body, headers }: Incoming, isBatch: boolean): { published: Published; key: string | undefined } {
    const single = headers as PublishHeaders;
    const key = readIdempotencyKey(single['idempotency-key']);
    const options = { maxPayloadBytes: this.config.MAX_PAYLOAD_BYTES, hasOtherId: key !== undefined };
    return { published: readRequest({ body: body ?? nothing, headers: single, isBatch }, options), key };
  }

  async #publishAll(
    tenantId: string,
    readings: readonly Reading[],
    { id, body }: Pick<Incoming, 'id' | 'body'>,
  ): Promise<PublishedBatch> {
    const results = await this.events.acceptAll(tenantId, readings, 'http');
    return { data: await answerBatch(results, { id, bytes: body?.length ?? 0 }) };
  }
}

/** Under an idempotency key, what has no id of its own gets the same one each time. */
function identified(envelope: Envelope, tenantId: string, key: string | undefined): Envelope {
  return envelope.id !== undefined || key === undefined
    ? envelope
    : { ...envelope, id: eventIdOfKey(tenantId, key) };
}

/** No key has a line break in it: those of a batch are never those of single events. */
function identifiedEach(readings: readonly Reading[], tenantId: string, key: string | undefined): Reading[] {
  return readings.map((reading, index) =>
    isProblem(reading) ? reading : identified(reading, tenantId, key && `${key}\n${index}`),
  );
}
