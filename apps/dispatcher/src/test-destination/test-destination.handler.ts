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
import type { Destination } from '../deliver-event/destination.js';
import type { Attempt } from '../deliver-event/report.js';
import { WebhookSender } from '../deliver-event/webhook-sender.js';
import { Admissions } from '../admit-attempt/admissions.js';

/** Requests in hand at once in one process: those over a limit are refused at once. */
const concurrency = 200;

@Controller()
export class TestDestinationHandler {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly sender: WebhookSender,
    private readonly admissions: Admissions,
  ) {}

  /** Signed, guarded and limited as any webhook, but not recorded, and not tried again. */
  @OnRequest(TestDestination, { concurrency })
  async test(@Payload() test: TestDestination): Promise<ReplyOf<TestDestination>> {
    const destination = await this.#find(test);
    const admission = await this.admissions.admitTest(destination);
    if (!admission.admitted) throw new Problem('rate_limited', noSlot);
    try {
      return outcomeOf(test, await this.sender.send(requestOf(test), destination, false));
    } finally {
      admission.end();
    }
  }

  async #find(test: TestDestination): Promise<Destination> {
    const destination = await this.directory.find(test.destinationId, test.destinationVersion);
    if (destination?.deleted) throw new Problem('not_found', 'There is no such destination.');
    if (!destination)
      throw new Problem('unavailable', 'The destination is not known everywhere yet. Try again.');
    if (!destination.readable)
      throw new Problem('unavailable', 'The secrets of this destination cannot be read at the moment.');
    return destination;
  }
}

const noSlot =
  'The destination has no free slot within its maxConcurrency and ratePerSecond. Try again later.';

function outcomeOf(test: TestDestination, attempt: Attempt): ReplyOf<TestDestination> {
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
