import { DeliveryRequested } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, MessageContext, OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { slotsPerPartition } from '../admit-attempt/limit-reached.js';
import { countPostponed } from './attempt-metrics.js';
import { Attempts } from './attempts.js';
import { DirectoryRepository } from './directory.repository.js';
import { type Postponement, postponed, reasonToPostpone } from './report.js';

@Controller()
export class DeliverEventHandler {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly attempts: Attempts,
    private readonly client: AmqpClient,
  ) {}

  /** Tries once and reports. What cannot be tried now goes back to the ledger: nothing waits here. */
  @OnMessage(DeliveryRequested, { concurrency: slotsPerPartition })
  async deliver(@Payload() request: DeliveryRequested, @Ctx() context: MessageContext): Promise<void> {
    failpoint('dispatcher.taken');
    const destination = await this.directory.find(request.destinationId, request.destinationVersion);
    const repeated = context.isRedelivered() || request.repeated === true;
    if (!destination) return this.#postpone(request, { reason: 'destination_unknown', repeated }, 0);
    const { version } = destination;
    const postponement = reasonToPostpone(destination, request);
    if (postponement) return this.#postpone(request, { ...postponement, repeated }, version);
    const made = await this.attempts.make(request, destination, repeated);
    if ('retryInMs' in made)
      return this.#postpone(request, { reason: 'at_limit', repeated, ...made }, version);
    failpoint('dispatcher.answered');
    await this.client.confirm(made.report);
    failpoint('dispatcher.reported');
  }

  async #postpone(request: DeliveryRequested, why: Postponement, destinationVersion: number): Promise<void> {
    await this.client.confirm(postponed(request, why, destinationVersion));
    countPostponed(why);
  }
}
