import {
  type Actor,
  create,
  Delivery,
  EventReplay,
  ReplayEvent,
  ReplayEventInput,
  RetryDelivery,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';

/** One event, or one delivery, again. For many there are replays. */
@Controller('v1/tenants/:tenantId')
export class SendAgainController {
  constructor(private readonly client: AmqpClient) {}

  @Post('events/:eventId/replay')
  @Scope('events:write')
  @HttpCode(202)
  @Operation({
    id: 'replayEvent',
    summary: 'Deliver an event again',
    description:
      'To all destinations that match it now, or to those that are named. What is being tried at this moment is left alone.',
    reply: EventReplay,
    problems: ['not_found', 'payload_expired'],
  })
  replayEvent(
    @Param() { tenantId, eventId }: EventParams,
    @Body(new JsonBodyPipe(ReplayEventInput)) input: ReplayEventInput,
    @FromCaller() actor: Actor,
  ): Promise<EventReplay> {
    return this.client.ask(create(ReplayEvent, { tenantId, eventId, input, actor }));
  }

  @Post('deliveries/:deliveryId/retry')
  @Scope('events:write')
  @HttpCode(202)
  @Operation({
    id: 'retryDelivery',
    summary: 'Try a delivery now',
    description: 'Its attempts are counted on, and its retry schedule begins anew.',
    reply: Delivery,
    problems: ['not_found', 'destination_deleted', 'payload_expired'],
  })
  retryDelivery(
    @Param() { tenantId, deliveryId }: DeliveryParams,
    @FromCaller() actor: Actor,
  ): Promise<Delivery> {
    return this.client.ask(create(RetryDelivery, { tenantId, deliveryId, actor }));
  }
}

interface EventParams {
  readonly tenantId: string;
  readonly eventId: string;
}

interface DeliveryParams {
  readonly tenantId: string;
  readonly deliveryId: string;
}
