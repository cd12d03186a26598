import {
  GetDelivery,
  GetEvent,
  ListAnyDeliveries,
  ListAnyEvents,
  ListAttempts,
  ListDeliveries,
  ListEvents,
  Problem,
  type ReplyOf,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { AttemptsRepository } from './attempts.repository.js';
import { HistoryRepository } from './history.repository.js';

@Controller()
export class ReadHistoryHandler {
  constructor(
    private readonly history: HistoryRepository,
    private readonly attempts: AttemptsRepository,
  ) {}

  @OnRequest(ListEvents)
  listEvents(@Payload() { tenantId, filter, page }: ListEvents): Promise<ReplyOf<ListEvents>> {
    return this.history.listEvents(tenantId, filter, page);
  }

  @OnRequest(GetEvent)
  async getEvent(@Payload() { tenantId, eventId }: GetEvent): Promise<ReplyOf<GetEvent>> {
    return found(await this.history.findEvent(tenantId, eventId), 'event');
  }

  @OnRequest(ListDeliveries)
  listDeliveries(@Payload() { tenantId, filter, page }: ListDeliveries): Promise<ReplyOf<ListDeliveries>> {
    return this.history.listDeliveries(tenantId, filter, page);
  }

  @OnRequest(GetDelivery)
  async getDelivery(@Payload() { tenantId, deliveryId }: GetDelivery): Promise<ReplyOf<GetDelivery>> {
    return found(await this.history.findDelivery(tenantId, deliveryId), 'delivery');
  }

  @OnRequest(ListAttempts)
  async listAttempts(
    @Payload() { tenantId, deliveryId, page }: ListAttempts,
  ): Promise<ReplyOf<ListAttempts>> {
    const attempts = await this.attempts.list(tenantId, deliveryId, page);
    if (attempts.data.length === 0) found(await this.history.findDelivery(tenantId, deliveryId), 'delivery');
    return attempts;
  }

  @OnRequest(ListAnyEvents)
  listAnyEvents(@Payload() { filter, page }: ListAnyEvents): Promise<ReplyOf<ListAnyEvents>> {
    return this.history.listEvents(filter.tenantId, filter, page);
  }

  @OnRequest(ListAnyDeliveries)
  listAnyDeliveries(@Payload() { filter, page }: ListAnyDeliveries): Promise<ReplyOf<ListAnyDeliveries>> {
    return this.history.listDeliveries(filter.tenantId, filter, page);
  }
}

function found<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Problem('not_found', `There is no such ${what}.`);
  return thing;
}
