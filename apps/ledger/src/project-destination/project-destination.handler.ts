import { DestinationChanged } from '#libs/contracts';
import { OnBatch } from '#libs/messaging';
import { DropErased } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { CircuitAnnouncer } from '../circuits/circuit-announcer.js';
import { DestinationsRepository } from './destinations.repository.js';

@Controller()
export class ProjectDestinationHandler {
  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly announcer: CircuitAnnouncer,
  ) {}

  @OnBatch(DestinationChanged, { batchSize: 200 })
  async project(@Payload(DropErased) changes: DestinationChanged[]): Promise<void> {
    await this.destinations.apply(changes);
    this.announcer.nudge();
  }
}
