import { ParkedMessage } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ParkedRepository } from './parked.repository.js';

@Controller()
export class CollectParkedHandler {
  constructor(private readonly parked: ParkedRepository) {}

  @OnMessage(ParkedMessage, { concurrency: 5 })
  collect(@Payload() message: ParkedMessage): Promise<void> {
    return this.parked.keep(message);
  }
}
