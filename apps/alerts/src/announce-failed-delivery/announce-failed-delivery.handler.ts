import { DeliveryFailed } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { OperationalEvents } from '../operational-events/operational-events.js';

@Controller()
export class AnnounceFailedDeliveryHandler {
  constructor(private readonly events: OperationalEvents) {}

  @OnMessage(DeliveryFailed)
  async announce(@Payload() { lastAttemptAt, hops, ...failed }: DeliveryFailed): Promise<void> {
    await this.events.announce({
      type: 'delivery.failed',
      key: [failed.deliveryId, failed.attempts],
      at: lastAttemptAt,
      hops,
      data: {
        tenantId: failed.tenantId,
        destinationId: failed.destinationId,
        eventId: failed.eventId,
        eventType: failed.eventType,
        deliveryId: failed.deliveryId,
        attempts: failed.attempts,
        statusCode: failed.statusCode ?? null,
        errorClass: failed.errorClass ?? null,
      },
    });
  }
}
