import {
  AnyDeliveryFilter,
  AnyEventFilter,
  create,
  Delivery,
  EventSummary,
  ListAnyDeliveries,
  ListAnyEvents,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Controller, Get, Query } from '@nestjs/common';
import { type List, Listing, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';

/** The operator's lists, across tenants. */
@Controller('v1')
export class AnyHistoryController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
  ) {}

  @Get('events')
  @Scope('admin')
  @Operation({
    id: 'listAllEvents',
    summary: 'The events of all tenants, newest first',
    reply: pageOf(EventSummary),
    query: AnyEventFilter,
  })
  listEvents(@Query() query: ListQuery): Promise<List<EventSummary>> {
    return this.listing.page({ list: 'events', query, filter: AnyEventFilter }, (page, filter) =>
      this.client.ask(create(ListAnyEvents, { filter, page })),
    );
  }

  @Get('deliveries')
  @Scope('admin')
  @Operation({
    id: 'listAllDeliveries',
    summary: 'The deliveries of all tenants, newest first',
    reply: pageOf(Delivery),
    query: AnyDeliveryFilter,
  })
  listDeliveries(@Query() query: ListQuery): Promise<List<Delivery>> {
    return this.listing.page({ list: 'deliveries', query, filter: AnyDeliveryFilter }, (page, filter) =>
      this.client.ask(create(ListAnyDeliveries, { filter, page })),
    );
  }
}
