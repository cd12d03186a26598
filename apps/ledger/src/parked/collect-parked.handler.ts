import { ParkedMessage } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { BoundParked } from './bound-parked.js';
import { ParkedRepository } from './parked.repository.js';

@Controller()
export class CollectParkedHandler {
  constructor(
    private readonly parked: ParkedRepository,
    private readonly bound: BoundParked,
  ) {}

  @OnMessage(ParkedMessage, { concurrency: 5 })
  async collect(@Payload() message: ParkedMessage): Promise<void> {
    await this.bound.added(await this.parked.keep(message));
  }
}
