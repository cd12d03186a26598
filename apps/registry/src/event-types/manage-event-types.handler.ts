import {
  DeleteEventType,
  type EventType,
  GetEventType,
  ListEventTypeChanges,
  ListEventTypes,
  Problem,
  PutEventType,
  type ReplyOf,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Announcer } from '../destinations/announcer.js';
import { checkEventType } from './check-event-type.js';
import { EventTypesRepository } from './event-types.repository.js';

@Controller()
export class ManageEventTypesHandler {
  constructor(
    private readonly eventTypes: EventTypesRepository,
    private readonly announcer: Announcer,
  ) {}

  @OnRequest(PutEventType)
  async put(@Payload() { name, input, actor }: PutEventType): Promise<ReplyOf<PutEventType>> {
    checkEventType(input);
    const reply = await this.eventTypes.put(name, input, actor);
    this.announcer.nudge();
    return reply;
  }

  @OnRequest(GetEventType)
  async get(@Payload() { name }: GetEventType): Promise<EventType> {
    return found(await this.eventTypes.find(name));
  }

  @OnRequest(ListEventTypes)
  list(@Payload() { page }: ListEventTypes): Promise<ReplyOf<ListEventTypes>> {
    return this.eventTypes.list(page);
  }

  @OnRequest(DeleteEventType)
  async delete(@Payload() { name, actor }: DeleteEventType): Promise<ReplyOf<DeleteEventType>> {
    const change = found(await this.eventTypes.delete(name, actor));
    this.announcer.nudge();
    return change;
  }

  @OnRequest(ListEventTypeChanges)
  changes(@Payload() { after }: ListEventTypeChanges): Promise<ReplyOf<ListEventTypeChanges>> {
    return this.eventTypes.changesAfter(after);
  }
}

function found<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Problem('not_found', 'There is no such event type.');
  return thing;
}
