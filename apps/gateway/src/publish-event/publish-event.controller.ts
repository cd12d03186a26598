import { eventIdOfKey, hopsHeader, isProblem, PublishedBatch, PublishedEvent } from '#libs/contracts';
import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';
import { AcceptEvent } from './accept-event.js';
import { answerBatch } from './answer-batch.js';
import { idempotencyKeySchema, readIdempotencyKey } from '../http/idempotency-key.js';
import { PublishRates } from './publish-rates.js';
import { batchBodies, cloudEventHeaders, eventBodies } from './published-bodies.js';
import type { Envelope, Reading } from './read-envelope.js';
import { hopsSchema, readHops, withHops } from './read-hops.js';
import { type PublishHeaders, readBatch, readRequest } from './read-request.js';

type Incoming = Pick<FastifyRequest, 'id' | 'body' | 'headers'> & { readonly body: Buffer | undefined };

const nothing = Buffer.alloc(0);

@Controller('v1/tenants/:tenantId/events')
export class PublishEventController {
  constructor(
    private readonly events: AcceptEvent,
    private readonly rates: PublishRates,
    private readonly config: GatewayConfig,
  ) {}

  @Post()
  @HttpCode(202)
  @Scope('events:write')
  @Operation({
    id: 'publishEvent',
    summary: 'Publish an event',
    description:
      'Answered once RabbitMQ has it for certain. The same id, or the same `Idempotency-Key`, again within seven days is answered with the same id and delivered once.',
    reply: PublishedEvent,
    body: eventBodies,
    headers: { 'idempotency-key': idempotencyKeySchema, [hopsHeader]: hopsSchema, ...cloudEventHeaders },
    problems: ['not_found', 'schema_mismatch', 'too_many_hops'],
  })
  publish(
    @Param('tenantId') tenantId: string,
    @Req() request: Incoming,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PublishedEvent> {
    const { received, options, key, hops } = this.#receive(tenantId, request, reply);
    const event = withHops(readRequest(received, options), hops);
    this.rates.countEvents(tenantId, 1, reply);
    return this.events.accept(tenantId, identified(event, tenantId, key), 'http');
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
    headers: { 'idempotency-key': idempotencyKeySchema, [hopsHeader]: hopsSchema, ...cloudEventHeaders },
    problems: ['not_found', 'schema_mismatch', 'too_many_hops'],
  })
  async publishBatch(
    @Param('tenantId') tenantId: string,
    @Req() request: Incoming,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PublishedBatch> {
    const { received, options, key, hops } = this.#receive(tenantId, request, reply);
    const read = await readBatch(received, options);
    const readings = read.map((reading) => withHops(reading, hops));
    this.rates.countEvents(tenantId, readings.length, reply);
    const results = await this.events.acceptAll(tenantId, identifiedEach(readings, tenantId, key), 'http');
    return { data: await answerBatch(results, { id: request.id, bytes: received.body.length }) };
  }

  /** @throws Problem `rate_limited`, `too_many_hops`, and for a key that is none. */
  #receive(tenantId: string, { body = nothing, headers: given }: Incoming, reply: FastifyReply) {
    this.rates.countBytes(tenantId, body.length, reply);
    const headers = given as PublishHeaders;
    const key = readIdempotencyKey(headers['idempotency-key']);
    const options = { maxPayloadBytes: this.config.MAX_PAYLOAD_BYTES, hasOtherId: key !== undefined };
    const hops = readHops(headers[hopsHeader]);
    return { received: { body, headers }, options, key, hops };
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
