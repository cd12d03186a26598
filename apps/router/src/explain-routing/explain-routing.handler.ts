import { ExplainRouting, type MatchedNow, maxExplained, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DirectoryRepository } from '../route-event/directory.repository.js';
import { filterable } from '../route-event/filterable.js';
import { type Subscription, subscribesTo } from '../route-event/subscriptions.js';

@Controller()
export class ExplainRoutingHandler {
  constructor(private readonly directory: DirectoryRepository) {}

  /** How the tenant's destinations, as they are now, take an event. Nothing is routed. */
  @OnRequest(ExplainRouting)
  async explain(@Payload() request: ExplainRouting): Promise<ReplyOf<ExplainRouting>> {
    const directory = await this.directory.ofTenants([request.tenantId]);
    const all = directory.get(request.tenantId)?.all ?? [];
    const event = filterable(request);
    return {
      destinations: all.slice(0, maxExplained).map((one) => matchedNow(one, event, request)),
      hasMore: all.length > maxExplained,
    };
  }
}

function matchedNow(
  subscription: Subscription,
  event: ReturnType<typeof filterable>,
  { eventType, hasPayload }: ExplainRouting,
): MatchedNow {
  const { destinationId, enabled, eventTypes, filter } = subscription;
  const isUnknown = filter !== undefined && filter.readsData && !hasPayload;
  return {
    destinationId,
    enabled,
    eventTypes: [...eventTypes],
    typeMatches: subscribesTo(subscription, eventType),
    mismatch: isUnknown ? null : (filter?.mismatch(event) ?? null),
    isUnknown,
  };
}
