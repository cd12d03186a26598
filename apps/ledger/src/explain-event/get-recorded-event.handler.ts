import { GetRecordedEvent, Problem, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { RecordedEventRepository } from './recorded-event.repository.js';

@Controller()
export class GetRecordedEventHandler {
  constructor(private readonly events: RecordedEventRepository) {}

  @OnRequest(GetRecordedEvent)
  async get(@Payload() { tenantId, eventId }: GetRecordedEvent): Promise<ReplyOf<GetRecordedEvent>> {
    const event = await this.events.find(tenantId, eventId);
    if (!event) throw new Problem('not_found', 'There is no such event.');
    return event;
  }
}
