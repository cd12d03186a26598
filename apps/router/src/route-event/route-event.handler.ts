import { EventAccepted } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, ByteAllowances, causedBy, OnBatch } from '#libs/messaging';
import { DropErased } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DirectoryRepository } from './directory.repository.js';
import { InboxRepository } from './inbox.repository.js';
import { recordOfRepeat, route } from './route.js';
import { countRouted } from './routing-metrics.js';
import type { Subscription } from './subscriptions.js';
import { Turns } from './turns.js';

interface Matched {
  readonly event: EventAccepted;
  readonly matches: readonly Subscription[];
}

@Controller()
export class RouteEventHandler {
  readonly #allowances = new ByteAllowances();

  constructor(
    private readonly inbox: InboxRepository,
    private readonly directory: DirectoryRepository,
    private readonly client: AmqpClient,
  ) {}

  /** Claims first, publishes then: a crash in between repeats the publishing under the same delivery ids. */
  @OnBatch(EventAccepted, { batchSize: 100 })
  async route(@Payload(DropErased) events: EventAccepted[]): Promise<void> {
    failpoint('router.received');
    if (events.length === 0) return;
    const [{ counting, repeated }, directory] = await Promise.all([
      this.inbox.claim(events),
      this.directory.ofTenants(events.map((event) => event.tenantId)),
    ]);
    failpoint('router.claimed');
    const turns = new Turns();
    const matched: Matched[] = [];
    for (const event of counting) {
      const matches = (await directory.get(event.tenantId)?.matching(event, turns)) ?? [];
      matched.push({ event, matches });
    }
    await this.client.confirmAll(
      matched
        .values()
        .flatMap(({ event, matches }) =>
          route(event, matches, this.#allowances).map((message) => causedBy(event, message)),
        )
        .map(betweenPublishes),
    );
    await this.client.confirmAll(repeated.map((event) => causedBy(event, recordOfRepeat(event))));
    const enabled = matched.flatMap(({ matches }) => matches.map((match) => match.enabled));
    const requested = enabled.filter(Boolean).length;
    countRouted({
      routed: counting.length,
      repeated: repeated.length,
      requested,
      held: enabled.length - requested,
    });
    failpoint('router.after-publish');
  }
}

function betweenPublishes(message: object): object {
  failpoint('router.between-publishes');
  return message;
}
