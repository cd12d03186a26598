import { ExplainRouting, type MatchedNow, maxExplained, type ReplyOf } from '#libs/contracts';
import { type EventFilter, FilterBudget, type FilteredEvent } from '#libs/filter';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DirectoryRepository } from '../route-event/directory.repository.js';
import { filterable } from '../route-event/filterable.js';
import { costOfReading, type Subscription } from '../route-event/subscriptions.js';
import { Turns } from '../route-event/turns.js';
import { TypeParts } from '../route-event/type-patterns.js';

/** One event, and what the filters of its tenant may still cost for it. */
interface Explained {
  readonly event: FilteredEvent;
  readonly type: TypeParts;
  readonly hasPayload: boolean;
  readonly budget: FilterBudget;
}

@Controller()
export class ExplainRoutingHandler {
  constructor(private readonly directory: DirectoryRepository) {}

  /** How the tenant's destinations, as they are now, take an event. Nothing is routed. */
  @OnRequest(ExplainRouting)
  async explain(@Payload() request: ExplainRouting): Promise<ReplyOf<ExplainRouting>> {
    const directory = await this.directory.ofTenants([request.tenantId]);
    const all = directory.get(request.tenantId)?.all ?? [];
    const explained = {
      event: filterable(request),
      type: new TypeParts(request.eventType),
      hasPayload: request.hasPayload,
      budget: new FilterBudget(),
    };
    const turns = new Turns();
    if (turns.isDue(costOfReading(request, all))) await turns.give();
    const destinations: MatchedNow[] = [];
    for (const one of all.slice(0, maxExplained)) {
      const before = explained.budget.spent;
      destinations.push(matchedNow(one, explained));
      if (turns.isDue(one.types.cost + explained.budget.spent - before)) await turns.give();
    }
    return { destinations, hasMore: all.length > maxExplained };
  }
}

/** As in routing, a filter costs something only where the type matches. */
function matchedNow(subscription: Subscription, { event, type, hasPayload, budget }: Explained): MatchedNow {
  const { destinationId, enabled, eventTypes, types, filter } = subscription;
  const typeMatches = types.match(type);
  const isUnknown = filter?.readsData === true && !hasPayload;
  const verdict = filter && typeMatches && !isUnknown ? verdictOf(filter, event, budget) : { mismatch: null };
  return {
    destinationId,
    enabled,
    eventTypes: [...eventTypes],
    typeMatches,
    isUnknown,
    ...verdict,
  };
}

function verdictOf(
  filter: EventFilter,
  event: FilteredEvent,
  budget: FilterBudget,
): Pick<MatchedNow, 'mismatch' | 'isUndecided'> {
  const mismatch = filter.mismatch(event, budget) ?? null;
  return { mismatch, ...(budget.isSpent && { isUndecided: true }) };
}
