import { type EventAccepted, Problem } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, isMarkedTransient } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';
import { RecentEvents } from '../history/recent-events.js';
import { countAccepted, countRefused } from './publishing-metrics.js';
import { PublishWindow } from './publish-window.js';

/** Publishes accepted events to RabbitMQ, within the window of each tenant, and counts them. */
@Injectable()
export class StoreEvent {
  constructor(
    private readonly client: AmqpClient,
    private readonly window: PublishWindow,
    private readonly config: GatewayConfig,
    private readonly recent: RecentEvents,
  ) {}

  /**
   * Resolves when RabbitMQ has confirmed the event.
   * @throws Problem `unavailable` when it did not confirm in time.
   */
  async store(event: EventAccepted): Promise<void> {
    const deadlineMs = this.config.PUBLISH_TIMEOUT_MS;
    try {
      await this.window.run(event.tenantId, { bytes: event.body.length, deadlineMs }, () => {
        const confirmed = this.client.confirm(event, deadlineMs);
        failpoint('gateway.unconfirmed');
        return confirmed;
      });
      failpoint('gateway.confirmed');
      countAccepted(event.source);
      this.recent.note(event);
    } catch (error) {
      countRefused(event.source, error);
      if (!isMarkedTransient(error)) throw error;
      throw new Problem(
        'unavailable',
        'The event could not be stored for certain. Publish it again under the same id: it is not delivered twice.',
      );
    }
  }
}
