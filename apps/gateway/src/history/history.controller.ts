import {
  create,
  Delivery,
  DeliveryFilter,
  EventFilter,
  EventSummary,
  GetDelivery,
  GetEvent,
  ListAttempts,
  ListDeliveries,
  ListEvents,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { type List, Listing, NoFilter, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { RecentEvents } from './recent-events.js';
import { showAnswer, showEvent, ShownAttempt, ShownEvent } from './show.js';
import { Operation, pageOf } from '../openapi/operation.js';

@Controller('v1/tenants/:tenantId')
export class HistoryController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
    private readonly recent: RecentEvents,
  ) {}

  @Get('events')
  @Scope('events:read')
  @Operation({
    id: 'listEvents',
    summary: "A tenant's events, newest first",
    reply: pageOf(EventSummary),
    query: EventFilter,
    problems: ['not_found'],
  })
  listEvents(@Param('tenantId') tenantId: string, @Query() query: ListQuery): Promise<List<EventSummary>> {
    return this.listing.page({ list: `${tenantId}/events`, query, filter: EventFilter }, (page, filter) =>
      this.client.ask(create(ListEvents, { tenantId, filter, page })),
    );
  }

  @Get('events/:eventId')
  @Header('content-type', 'application/json; charset=utf-8')
  @Scope('events:read')
  @Operation({
    id: 'getEvent',
    summary: 'One event, with its payload and its deliveries',
    description: 'Right after its acceptance a gateway waits up to a second for its record.',
    reply: ShownEvent,
    problems: ['not_found'],
  })
  async getEvent(@Param('tenantId') tenantId: string, @Param('eventId') eventId: string): Promise<string> {
    const request = create(GetEvent, { tenantId, eventId });
    return showEvent(await this.recent.read(request, () => this.client.ask(request)));
  }

  @Get('deliveries')
  @Scope('events:read')
  @Operation({
    id: 'listDeliveries',
    summary: "A tenant's deliveries, newest first",
    reply: pageOf(Delivery),
    query: DeliveryFilter,
    problems: ['not_found'],
  })
  listDeliveries(@Param('tenantId') tenantId: string, @Query() query: ListQuery): Promise<List<Delivery>> {
    return this.listing.page(
      { list: `${tenantId}/deliveries`, query, filter: DeliveryFilter },
      (page, filter) => this.client.ask(create(ListDeliveries, { tenantId, filter, page })),
    );
  }

  @Get('deliveries/:deliveryId')
  @Scope('events:read')
  @Operation({ id: 'getDelivery', summary: 'One delivery', reply: Delivery, problems: ['not_found'] })
  getDelivery(@Param() { tenantId, deliveryId }: DeliveryParams): Promise<Delivery> {
    return this.client.ask(create(GetDelivery, { tenantId, deliveryId }));
  }

  @Get('deliveries/:deliveryId/attempts')
  @Scope('events:read')
  @Operation({
    id: 'listAttempts',
    summary: 'The attempts of a delivery, oldest first',
    description: 'Those of a delivery that was sent again go on behind the first ones.',
    reply: pageOf(ShownAttempt),
    problems: ['not_found'],
  })
  async listAttempts(
    @Param() { tenantId, deliveryId }: DeliveryParams,
    @Query() query: ListQuery,
  ): Promise<List<ShownAttempt>> {
    const list = `${tenantId}/deliveries/${deliveryId}/attempts`;
    const attempts = await this.listing.page({ list, query, filter: NoFilter }, async (page) => {
      const { data, older, newer } = await this.client.ask(
        create(ListAttempts, { tenantId, deliveryId, page }),
      );
      return { data, ...(newer && { older: newer }), ...(older && { newer: older }) };
    });
    return { ...attempts, data: attempts.data.map(showAnswer) };
  }
}

interface DeliveryParams {
  readonly tenantId: string;
  readonly deliveryId: string;
}
