import {
  type Actor,
  CancelReplay,
  create,
  CreateReplay,
  GetDestination,
  GetReplay,
  ListReplays,
  newId,
  Problem,
  Replay,
  ReplayInput,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { FromCaller } from '../http/caller-of-request.js';
import { idempotencyKeySchema, readIdempotencyKey } from '../http/idempotency-key.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, NoFilter, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';

/** Many deliveries again: jobs that go on by themselves. */
@Controller('v1/tenants/:tenantId/replays')
export class ReplaysController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
  ) {}

  @Post()
  @Scope('events:write')
  @HttpCode(202)
  @Operation({
    id: 'createReplay',
    summary: 'Deliver many again',
    description: 'A job that goes on by itself: it counts first, and then sends.',
    reply: Replay,
    headers: {
      'idempotency-key': {
        ...idempotencyKeySchema,
        description: 'The same key again, with the same body, is answered with the job that there is.',
      },
    },
    problems: ['not_found', 'too_many_replays', 'idempotency_key_reused'],
  })
  async create(
    @Param('tenantId') tenantId: string,
    @Body(new JsonBodyPipe(ReplayInput)) input: ReplayInput,
    @FromCaller() actor: Actor,
    @Headers('idempotency-key') key?: string,
  ): Promise<Replay> {
    const idempotencyKey = readIdempotencyKey(key);
    if (Date.parse(input.after) >= Date.parse(input.before)) {
      throw new Problem('validation_failed', 'The body is not as it must be.', [
        { path: 'before', message: 'must be later than after' },
      ]);
    }
    const { destinationId } = input;
    // It answers for one that is not there, or is another tenant's.
    if (typeof destinationId === 'string')
      await this.client.ask(create(GetDestination, { tenantId, destinationId }));
    const replayId = newId('rpl');
    return this.client.ask(
      create(CreateReplay, {
        tenantId,
        replayId,
        input,
        actor,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      }),
    );
  }

  @Get()
  @Scope('events:read')
  @Operation({
    id: 'listReplays',
    summary: 'The replays of a tenant, newest first',
    reply: pageOf(Replay),
    problems: ['not_found'],
  })
  list(@Param('tenantId') tenantId: string, @Query() query: ListQuery): Promise<List<Replay>> {
    return this.listing.page({ list: `${tenantId}/replays`, query, filter: NoFilter }, (page) =>
      this.client.ask(create(ListReplays, { tenantId, page })),
    );
  }

  @Get(':replayId')
  @Scope('events:read')
  @Operation({
    id: 'getReplay',
    summary: 'A replay, and how far it is',
    reply: Replay,
    problems: ['not_found'],
  })
  get(@Param() key: ReplayParams): Promise<Replay> {
    return this.client.ask(create(GetReplay, { ...key }));
  }

  @Post(':replayId/cancel')
  @Scope('events:write')
  @HttpCode(200)
  @Operation({
    id: 'cancelReplay',
    summary: 'Stop a replay',
    description: 'What was sent by then goes its way. One that is over stays as it ended.',
    reply: Replay,
    problems: ['not_found'],
  })
  cancel(@Param() key: ReplayParams, @FromCaller() actor: Actor): Promise<Replay> {
    return this.client.ask(create(CancelReplay, { ...key, actor }));
  }
}

interface ReplayParams {
  readonly tenantId: string;
  readonly replayId: string;
}
