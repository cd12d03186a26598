import { PrepareDestinationTest, Problem, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DestinationsRepository } from './destinations.repository.js';

const example = { message: 'This is a test. Nothing has happened.' };

@Controller()
export class PrepareTestHandler {
  constructor(private readonly destinations: DestinationsRepository) {}

  @OnRequest(PrepareDestinationTest)
  async prepare(
    @Payload() { tenantId, destinationId }: PrepareDestinationTest,
  ): Promise<ReplyOf<PrepareDestinationTest>> {
    const row = await this.destinations.find(tenantId, destinationId);
    if (!row) throw new Problem('not_found', 'There is no such destination.');
    return { destinationVersion: row.version, data: JSON.stringify(example) };
  }
}
