import { create, EventExplanation, ExplainRouting, GetRecordedEvent } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Controller, Get, Param } from '@nestjs/common';
import { RecentEvents } from '../history/recent-events.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';
import { explain } from './explain.js';

@Controller('v1/tenants/:tenantId/events/:eventId')
export class ExplainEventController {
  constructor(
    private readonly client: AmqpClient,
    private readonly recent: RecentEvents,
  ) {}

  /** Asks the ledger what was done, and the router how the destinations take the event as they are now. */
  @Get('explain')
  @Scope('events:read')
  @Operation({
    id: 'explainEvent',
    summary: 'Why each destination did or did not get an event',
    description:
      'What was not recorded is reconstructed from the destinations as they are now, and marked so.',
    reply: EventExplanation,
    problems: ['not_found'],
  })
  async explain(
    @Param('tenantId') tenantId: string,
    @Param('eventId') eventId: string,
  ): Promise<EventExplanation> {
    const request = create(GetRecordedEvent, { tenantId, eventId });
    const recorded = await this.recent.read(request, () => this.client.ask(request));
    const { eventType, timestamp, acceptedAt, contentType, cloudEvent, payload } = recorded;
    const now = await this.client.ask(
      create(ExplainRouting, {
        tenantId,
        eventId,
        eventType,
        timestamp,
        ...(contentType !== null && { contentType }),
        ...(cloudEvent !== null && { cloudEvent }),
        hasPayload: payload !== null,
        body: Buffer.from(payload ?? '', 'base64'),
      }),
    );
    return {
      eventId,
      type: eventType,
      acceptedAt,
      destinations: explain(recorded, now.destinations),
      hasMore: recorded.hasMore || now.hasMore,
      ...(recorded.repeats && { repeats: recorded.repeats }),
    };
  }
}
