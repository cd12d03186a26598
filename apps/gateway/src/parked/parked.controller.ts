import {
  type Actor,
  create,
  DropParked,
  GetParked,
  ListParked,
  ParkedFilter,
  ParkedSelection,
  RedriveParked,
  Redriven,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { showParked, ShownParked, ShownParkedRecord, showParkedRecord } from './show-parked.js';
import { Operation, pageOf } from '../openapi/operation.js';

/** A thousand messages are to be published and confirmed before the answer. */
const redriveDeadlineMs = 30_000;

/** Messages that Posthorn could not process, for the operator. */
@Controller('v1/parked')
export class ParkedController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
  ) {}

  @Get()
  @Scope('admin')
  @Operation({
    id: 'listParked',
    summary: 'The parked messages, newest first',
    reply: pageOf(ShownParked),
    query: ParkedFilter,
  })
  async list(@Query() query: ListQuery): Promise<List<ShownParked>> {
    const list = await this.listing.page({ list: 'parked', query, filter: ParkedFilter }, (page, filter) =>
      this.client.ask(create(ListParked, { filter, page })),
    );
    return { ...list, data: list.data.map(showParked) };
  }

  @Get(':id')
  @Scope('admin')
  @Operation({
    id: 'getParked',
    summary: 'One parked message, with its AMQP properties',
    reply: ShownParkedRecord,
    problems: ['not_found'],
  })
  async get(@Param('id') id: string): Promise<ShownParkedRecord> {
    return showParkedRecord(await this.client.ask(create(GetParked, { id })));
  }

  @Post('redrive')
  @HttpCode(200)
  @Scope('admin')
  @Operation({
    id: 'redriveParked',
    summary: 'Put parked messages back into their queues',
    description: 'A call puts back a bounded number; `hasMore` asks for another.',
    reply: Redriven,
  })
  redrive(
    @Body(new JsonBodyPipe(ParkedSelection)) selection: ParkedSelection,
    @FromCaller() actor: Actor,
  ): Promise<Redriven> {
    return this.client.ask(create(RedriveParked, { selection, actor }), redriveDeadlineMs);
  }

  @Delete(':id')
  @HttpCode(204)
  @Scope('admin')
  @Operation({ id: 'dropParked', summary: 'Drop a parked message', problems: ['not_found'] })
  async drop(@Param('id') id: string, @FromCaller() actor: Actor): Promise<void> {
    await this.client.ask(create(DropParked, { id, actor }));
  }
}
