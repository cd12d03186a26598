import {
  type Actor,
  create,
  deliveryId,
  type EventReplay,
  type FieldError,
  MatchEvent,
  type MatchedDestination,
  Problem,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { type PublishedEvent, PublishedEventsRepository } from './published-events.repository.js';
import { payloadExpired } from './refusal-of.js';
import { SendToRepository } from './send-to.repository.js';

@Injectable()
export class ReplayOneEvent {
  constructor(
    private readonly published: PublishedEventsRepository,
    private readonly client: AmqpClient,
    private readonly sending: SendToRepository,
  ) {}

  /**
   * Nothing is promised before the deliveries are written, so there is nothing to take up again after a crash; asked
   * once more, those that are under way are left alone.
   * @throws Problem `not_found`, naming the destinations that there are not, `payload_expired`, and `unavailable` while
   *   the event is not routed for the first time.
   */
  async replay(
    tenantId: string,
    eventId: string,
    destinationIds: readonly string[] | undefined,
    actor?: Actor,
  ): Promise<EventReplay> {
    const event = await this.published.find(tenantId, eventId);
    if (!event) throw new Problem('not_found', 'There is no such event.');
    if (!event.isRouted)
      throw new Problem('unavailable', 'The event is only now on its way to its destinations.');
    if (!event.payload) throw payloadExpired();
    const matches = await this.#match(event, event.payload, destinationIds);
    if (destinationIds) mustBeKnown(destinationIds, matches);
    const keys = matches.map(({ destinationId }) => ({
      id: deliveryId(event, destinationId),
      created_at: new Date(event.acceptedAt),
      destination_id: destinationId,
    }));
    return { eventId, matched: matches.length, ...(await this.sending.send(event, keys, actor)) };
  }

  #match(
    { tenantId, eventId, eventType, timestamp, contentType, cloudEvent }: PublishedEvent,
    body: Buffer,
    destinationIds: readonly string[] | undefined,
  ): Promise<MatchedDestination[]> {
    const request = create(MatchEvent, {
      tenantId,
      eventId,
      eventType,
      timestamp,
      ...(contentType !== null && { contentType }),
      ...(cloudEvent !== null && { cloudEvent }),
      ...(destinationIds && { destinationIds: [...destinationIds] }),
      body,
    });
    // Shorter than whoever asked this service waits for it.
    return this.client.ask(request, 3000);
  }
}

function mustBeKnown(ids: readonly string[], matches: readonly MatchedDestination[]): void {
  const known = new Set(matches.map(({ destinationId }) => destinationId));
  const faults = ids.flatMap((id, index): FieldError[] =>
    known.has(id) ? [] : [{ path: `destinationIds[${index}]`, message: 'is no destination of this tenant' }],
  );
  if (faults.length > 0)
    throw new Problem('not_found', 'There is no such destination; `errors` says which.', faults);
}
