import {
  AnyDeliveryFilter,
  AnyEventFilter,
  create,
  Delivery,
  EventSummary,
  ListAnyDeliveries,
  ListAnyEvents,
  type Page,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Controller, Get, Query } from '@nestjs/common';
import { type List, Listing, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';
import { KnownTenants } from '../tenants/known-tenants.js';

/** The operator's lists, across tenants. */
@Controller('v1')
export class AnyHistoryController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
    private readonly tenants: KnownTenants,
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
      this.#within(filter, (within) => this.client.ask(create(ListAnyEvents, { filter: within, page }))),
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
      this.#within(filter, (within) => this.client.ask(create(ListAnyDeliveries, { filter: within, page }))),
    );
  }

  /** A tenant that does not exist has nothing. */
  async #within<Filter extends { readonly tenantId?: string }, Item>(
    filter: Filter,
    read: (filter: Filter) => Promise<Page<Item>>,
  ): Promise<Page<Item>> {
    if (filter.tenantId === undefined) return read(filter);
    const tenantId = await this.tenants.find(filter.tenantId);
    return tenantId === undefined ? { data: [] } : read({ ...filter, tenantId });
  }
}
