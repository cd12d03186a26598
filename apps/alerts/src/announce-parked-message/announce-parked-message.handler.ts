import { MessageParked } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { OperationalEvents } from '../operational-events/operational-events.js';

@Controller()
export class AnnounceParkedMessageHandler {
  constructor(private readonly events: OperationalEvents) {}

  @OnMessage(MessageParked)
  async announce(@Payload() { queue, reason, at, tenantId }: MessageParked): Promise<void> {
    await this.events.announce({
      type: 'message.parked',
      key: [queue, reason, at],
      at,
      data: { queue, reason, at, ...(tenantId !== undefined && { tenantId }) },
    });
  }
}
