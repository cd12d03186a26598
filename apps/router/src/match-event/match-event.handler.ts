import { MatchEvent, type MatchedDestination, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DirectoryRepository } from '../route-event/directory.repository.js';
import type { Subscription, Subscriptions } from '../route-event/subscriptions.js';
import { Turns } from '../route-event/turns.js';

/** Tells who would get an event if it came now. It changes nothing: the inbox is for what is published. */
@Controller()
export class MatchEventHandler {
  constructor(private readonly directory: DirectoryRepository) {}

  @OnRequest(MatchEvent)
  async match(@Payload() event: MatchEvent): Promise<ReplyOf<MatchEvent>> {
    const directory = await this.directory.ofTenants([event.tenantId]);
    const subscriptions = directory.get(event.tenantId);
    return subscriptions ? (await chosen(subscriptions, event)).map(matched) : [];
  }
}

async function chosen(subscriptions: Subscriptions, event: MatchEvent): Promise<readonly Subscription[]> {
  if (event.destinationIds === undefined) return subscriptions.matching(event, new Turns());
  const named = new Set(event.destinationIds);
  return subscriptions.all.filter(({ destinationId }) => named.has(destinationId));
}

function matched({ destinationId, destinationVersion, enabled }: Subscription): MatchedDestination {
  return { destinationId, destinationVersion, enabled };
}
