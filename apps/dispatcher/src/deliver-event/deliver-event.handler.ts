import { DeliveryRequested } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, MessageContext, OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DirectoryRepository } from './directory.repository.js';
import { RecentAttempts } from './recent-attempts.js';
import { postponed, reasonToPostpone } from './report.js';
import { WebhookSender } from './webhook-sender.js';

@Controller()
export class DeliverEventHandler {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly recent: RecentAttempts,
    private readonly sender: WebhookSender,
    private readonly client: AmqpClient,
  ) {}

  /** Tries once and reports. What cannot be tried now goes back to the ledger: nothing waits here. */
  @OnMessage(DeliveryRequested, { concurrency: 50 })
  async deliver(@Payload() request: DeliveryRequested, @Ctx() context: MessageContext): Promise<void> {
    failpoint('dispatcher.taken');
    const destination = await this.directory.find(request.destinationId, request.destinationVersion);
    const reason = reasonToPostpone(destination);
    if (!destination || reason) {
      const knownVersion = destination?.version ?? 0;
      await this.client.confirm(postponed(request, reason ?? 'destination_unknown', knownVersion));
      return;
    }
    const repeated = context.isRedelivered();
    const report = await this.recent.once(request, () => this.sender.send(request, destination, repeated));
    failpoint('dispatcher.answered');
    await this.client.confirm(report);
    failpoint('dispatcher.reported');
  }
}
