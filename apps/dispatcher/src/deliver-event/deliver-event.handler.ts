import { type DeliveryAttempted, DeliveryRequested, version } from '#libs/contracts';
import { Egress } from '#libs/egress';
import { AmqpClient, OnMessage } from '#libs/messaging';
import { Log } from '#libs/observability';
import { webhookHeaders } from '#libs/signing';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { Destination } from './destination.js';
import { DirectoryRepository } from './directory.repository.js';
import { attempted, postponed, reasonToPostpone } from './report.js';
import { standardBody } from './standard-body.js';

const userAgent = `Posthorn/${version}`;

@Controller()
export class DeliverEventHandler {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly egress: Egress,
    private readonly client: AmqpClient,
    private readonly log: Log,
  ) {}

  /** Tries once and reports. What cannot be tried now goes back to the ledger: nothing waits here. */
  @OnMessage(DeliveryRequested, { concurrency: 50 })
  async deliver(@Payload() request: DeliveryRequested): Promise<void> {
    const destination = await this.directory.find(request.destinationId, request.destinationVersion);
    const reason = reasonToPostpone(destination);
    if (!destination || reason) {
      const knownVersion = destination?.version ?? 0;
      await this.client.confirm(postponed(request, reason ?? 'destination_unknown', knownVersion));
      return;
    }
    const report = await this.#attempt(request, destination);
    this.#note(report);
    await this.client.confirm(report);
  }

  async #attempt(request: DeliveryRequested, destination: Destination): Promise<DeliveryAttempted> {
    const startedAt = new Date();
    const body = standardBody(request);
    const signature = webhookHeaders({
      id: request.eventId,
      timestampS: Math.floor(startedAt.getTime() / 1000),
      body,
      secrets: destination.secrets,
    });
    const posted = await this.egress.post({
      url: destination.url,
      headers: { 'content-type': 'application/json', 'user-agent': userAgent, ...signature },
      body,
      timeoutMs: destination.timeoutMs,
    });
    return attempted(request, destination.version, startedAt, posted);
  }

  #note({ body: _, ...report }: DeliveryAttempted): void {
    this.log[report.result === 'delivered' ? 'debug' : 'info']('delivery.attempted', report);
  }
}
