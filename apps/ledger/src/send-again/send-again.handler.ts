import { ReplayEvent, type ReplyOf, RetryDelivery } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ReplayOneEvent } from './replay-one-event.js';
import { RetryOneDelivery } from './retry-one-delivery.js';

/** A person, or their program, wants something delivered again. The answer means that it is written down. */
@Controller()
export class SendAgainHandler {
  constructor(
    private readonly deliveries: RetryOneDelivery,
    private readonly events: ReplayOneEvent,
  ) {}

  @OnRequest(RetryDelivery)
  retryDelivery(@Payload() { tenantId, deliveryId, actor }: RetryDelivery): Promise<ReplyOf<RetryDelivery>> {
    return this.deliveries.retry(tenantId, deliveryId, actor);
  }

  @OnRequest(ReplayEvent)
  replayEvent(@Payload() { tenantId, eventId, input, actor }: ReplayEvent): Promise<ReplyOf<ReplayEvent>> {
    return this.events.replay(tenantId, eventId, input.destinationIds, actor);
  }
}
