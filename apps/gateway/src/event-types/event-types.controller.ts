import {
  type Actor,
  create,
  DeleteEventType,
  EventType,
  EventTypeInput,
  GetEventType,
  ListEventTypes,
  PutEventType,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, NoFilter, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';
import { EventTypes } from './event-types.js';

@Controller('v1/event-types')
export class EventTypesController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
    private readonly eventTypes: EventTypes,
  ) {}

  @Put(':name')
  @Scope('admin')
  @Operation({
    id: 'putEventType',
    summary: 'Register or change an event type',
    description:
      'Names are parts of letters, digits, `_`, `-`, `/` and `:` joined by dots; a `/` is percent-encoded in the path. What is published through this gateway after the answer is held to the schema; through the others in a moment.',
    reply: EventType,
    status: [200, 201],
    problems: ['limit_reached'],
  })
  async put(
    @Param('name') name: string,
    @Body(new JsonBodyPipe(EventTypeInput)) input: EventTypeInput,
    @FromCaller() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventType> {
    const { eventType, created, change } = await this.client.ask(
      create(PutEventType, { name, input, actor }),
    );
    this.eventTypes.apply(change);
    void reply.status(created ? 201 : 200);
    return eventType;
  }

  @Get(':name')
  @Scope('events:read')
  @Operation({ id: 'getEventType', summary: 'One event type', reply: EventType, problems: ['not_found'] })
  get(@Param('name') name: string): Promise<EventType> {
    return this.client.ask(create(GetEventType, { name }));
  }

  @Get()
  @Scope('events:read')
  @Operation({ id: 'listEventTypes', summary: 'The event types, newest first', reply: pageOf(EventType) })
  list(@Query() query: ListQuery): Promise<List<EventType>> {
    return this.listing.page({ list: 'event-types', query, filter: NoFilter }, (page) =>
      this.client.ask(create(ListEventTypes, { page })),
    );
  }

  @Delete(':name')
  @HttpCode(204)
  @Scope('admin')
  @Operation({
    id: 'deleteEventType',
    summary: 'Forget an event type',
    description: 'Its events are accepted as of any type that is not registered.',
    problems: ['not_found'],
  })
  async delete(@Param('name') name: string, @FromCaller() actor: Actor): Promise<void> {
    this.eventTypes.apply(await this.client.ask(create(DeleteEventType, { name, actor })));
  }
}
