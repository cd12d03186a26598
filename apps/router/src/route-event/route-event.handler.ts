import { EventAccepted } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, causedBy, OnBatch } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DirectoryRepository } from './directory.repository.js';
import { InboxRepository } from './inbox.repository.js';
import { recordOfRepeat, route } from './route.js';
import { countRouted } from './routing-metrics.js';

@Controller()
export class RouteEventHandler {
  constructor(
    private readonly inbox: InboxRepository,
    private readonly directory: DirectoryRepository,
    private readonly client: AmqpClient,
  ) {}

  /** Claims first, publishes then: a crash in between repeats the publishing under the same delivery ids. */
  @OnBatch(EventAccepted, { batchSize: 100 })
  async route(@Payload() events: EventAccepted[]): Promise<void> {
    failpoint('router.received');
    const [{ counting, repeated }, directory] = await Promise.all([
      this.inbox.claim(events),
      this.directory.ofTenants(events.map((event) => event.tenantId)),
    ]);
    failpoint('router.claimed');
    const deliveries = { requested: 0, held: 0 };
    await this.client.confirmAll(
      counting
        .values()
        .flatMap((event) => {
          const matches = directory.get(event.tenantId)?.matching(event) ?? [];
          for (const { enabled } of matches) deliveries[enabled ? 'requested' : 'held']++;
          return route(event, matches).map((message) => causedBy(event, message));
        })
        .map(betweenPublishes),
    );
    await this.client.confirmAll(repeated.map((event) => causedBy(event, recordOfRepeat(event))));
    countRouted({ routed: counting.length, repeated: repeated.length, ...deliveries });
    failpoint('router.after-publish');
  }
}

function betweenPublishes(message: object): object {
  failpoint('router.between-publishes');
  return message;
}
