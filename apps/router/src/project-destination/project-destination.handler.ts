import { ApplyDestination, DestinationChanged } from '#libs/contracts';
import { OnBatch, OnRequest } from '#libs/messaging';
import { DropErased } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ProjectionRepository } from './projection.repository.js';

@Controller()
export class ProjectDestinationHandler {
  constructor(private readonly projection: ProjectionRepository) {}

  @OnBatch(DestinationChanged, { batchSize: 200 })
  async project(@Payload(DropErased) changes: DestinationChanged[]): Promise<void> {
    await this.projection.apply(changes);
  }

  @OnRequest(ApplyDestination)
  async apply(@Payload() { changes }: ApplyDestination): Promise<null> {
    await this.projection.apply(changes);
    return null;
  }
}
