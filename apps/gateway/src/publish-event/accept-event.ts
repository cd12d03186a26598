import { create, EventAccepted, newId, Problem } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, isMarkedTransient } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';
import { KnownTenants } from '../tenants/known-tenants.js';
import type { Envelope } from './read-envelope.js';

export interface Accepted {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
}

/** Takes an event from either door: when this resolves, RabbitMQ has it on its quorum queues. */
@Injectable()
export class AcceptEvent {
  constructor(
    private readonly tenants: KnownTenants,
    private readonly client: AmqpClient,
    private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem `not_found` for an unknown tenant; `unavailable` when the broker did not confirm in time. */
  async accept(tenantId: string, envelope: Envelope, source: EventAccepted['source']): Promise<Accepted> {
    await this.tenants.mustExist(tenantId);
    failpoint('gateway.read');
    const acceptedAt = new Date().toISOString();
    const event = create(EventAccepted, {
      tenantId,
      eventId: envelope.id ?? newId('evt'),
      eventType: envelope.type,
      timestamp: envelope.timestamp ?? acceptedAt,
      acceptanceId: newId('acc'),
      acceptedAt,
      source,
      body: envelope.data,
    });
    try {
      const confirmed = this.client.confirm(event, this.config.PUBLISH_TIMEOUT_MS);
      failpoint('gateway.unconfirmed');
      await confirmed;
      failpoint('gateway.confirmed');
    } catch (error) {
      if (!isMarkedTransient(error)) throw error;
      throw new Problem(
        'unavailable',
        'The event could not be stored for certain. Publish it again under the same id: it is not delivered twice.',
      );
    }
    return { id: event.eventId, type: event.eventType, timestamp: event.timestamp };
  }
}
