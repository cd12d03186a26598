import { PrepareDestinationTest, Problem, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { EventTypesRepository } from '../event-types/event-types.repository.js';
import { DestinationsRepository } from './destinations.repository.js';

const greeting = JSON.stringify({ message: 'This is a test. Nothing has happened.' });

@Controller()
export class PrepareTestHandler {
  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly eventTypes: EventTypesRepository,
  ) {}

  /** The data is the example that the event type is registered with, if there is one. */
  @OnRequest(PrepareDestinationTest)
  async prepare(
    @Payload() { tenantId, destinationId, eventType, actor }: PrepareDestinationTest,
  ): Promise<ReplyOf<PrepareDestinationTest>> {
    const found = await this.destinations.use(tenantId, destinationId, {
      actor,
      action: 'destination.tested',
    });
    if (!found) throw new Problem('not_found', 'There is no such destination.');
    const example = await this.eventTypes.exampleOf(eventType);
    return { destinationVersion: found.row.version, data: example ?? greeting };
  }
}
