import {
  create,
  deliveryId,
  DeliveryRequested,
  Problem,
  type ReplyOf,
  TestDestination,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DirectoryRepository } from '../deliver-event/directory.repository.js';
import { WebhookSender } from '../deliver-event/webhook-sender.js';

/** Tests under way at once in one process: each may hold a connection for half a minute. */
const concurrency = 50;

@Controller()
export class TestDestinationHandler {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly sender: WebhookSender,
  ) {}

  /** Signed and guarded as any webhook, but admitted without limits, told to nobody else, and not tried again. */
  @OnRequest(TestDestination, { concurrency })
  async test(@Payload() test: TestDestination): Promise<ReplyOf<TestDestination>> {
    const destination = await this.directory.find(test.destinationId, test.destinationVersion);
    if (destination?.deleted) throw new Problem('not_found', 'There is no such destination.');
    if (!destination)
      throw new Problem('unavailable', 'The destination is not known everywhere yet. Try again.');
    const attempt = await this.sender.send(requestOf(test), destination, false);
    return {
      eventId: test.eventId,
      eventType: test.eventType,
      result: attempt.result,
      statusCode: attempt.statusCode ?? null,
      errorClass: attempt.errorClass ?? null,
      startedAt: attempt.startedAt,
      durationMs: attempt.durationMs,
      response: attempt.body.toString('base64'),
    };
  }
}

function requestOf(test: TestDestination): DeliveryRequested {
  const { tenantId, eventId, destinationId, timestamp } = test;
  return create(DeliveryRequested, {
    deliveryId: deliveryId({ tenantId, eventId, acceptedAt: timestamp }, destinationId),
    tenantId,
    eventId,
    eventType: test.eventType,
    timestamp,
    acceptedAt: timestamp,
    destinationId,
    destinationVersion: test.destinationVersion,
    attempt: 1,
    body: Buffer.from(test.data),
  });
}
