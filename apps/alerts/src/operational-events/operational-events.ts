import { AmqpClient } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { type Announcement, operationalEvent } from './operational-event.js';

/** Publishes events for the operator: like any publisher's, they are matched, signed and retried. */
@Injectable()
export class OperationalEvents {
  constructor(private readonly client: AmqpClient) {}

  async announce(announcement: Announcement): Promise<void> {
    const event = operationalEvent(announcement);
    if (event) await this.client.confirm(event);
  }
}
