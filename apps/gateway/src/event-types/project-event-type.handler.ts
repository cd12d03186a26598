import { EventTypeChanged } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { EventTypes } from './event-types.js';

@Controller()
export class ProjectEventTypeHandler {
  constructor(private readonly eventTypes: EventTypes) {}

  @OnMessage(EventTypeChanged)
  project(@Payload() change: EventTypeChanged): void {
    this.eventTypes.apply(change);
  }
}
