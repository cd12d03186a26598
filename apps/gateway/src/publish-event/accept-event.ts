import { create, EventAccepted, isProblem, newId, Problem, type PublishedEvent } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { contractFaults } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { EventTypeCheck } from '../event-types/event-type-check.js';
import type { Envelope, Reading } from './read-envelope.js';
import { StoreEvent } from './store-event.js';
import { Turns } from './turns.js';

type Source = EventAccepted['source'];

/** Takes events from either door: when this resolves, RabbitMQ has them on its quorum queues. */
@Injectable()
export class AcceptEvent {
  constructor(
    private readonly types: EventTypeCheck,
    private readonly events: StoreEvent,
  ) {}

  /**
   * @param tenantId the reference of a tenant that exists.
   * @throws Problem `schema_mismatch`; `unavailable` when the broker did not confirm in time.
   */
  async accept(tenantId: string, envelope: Envelope, source: Source): Promise<PublishedEvent> {
    this.types.mustBeAble();
    failpoint('gateway.read');
    return this.#publish(tenantId, envelope, source);
  }

  /**
   * Takes each that can be taken. All are published at once, as far as the window has room, and their confirms awaited together.
   * @returns for each, in order, what it was accepted as, or why it was not.
   * @throws Problem `unavailable` when the broker confirmed none in time.
   */
  async acceptAll(
    tenantId: string,
    readings: readonly Reading[],
    source: Source,
  ): Promise<(PublishedEvent | Problem)[]> {
    this.types.mustBeAble();
    failpoint('gateway.read');
    const publishing: Promise<PublishedEvent | Problem>[] = [];
    const turns = new Turns();
    for (const reading of readings) {
      await turns.pause();
      publishing.push(this.#tryToPublish(tenantId, reading, source));
    }
    const results = await Promise.all(publishing);
    const problems = results.filter((result) => isProblem(result));
    const unavailable = problems.find(({ code }) => code === 'unavailable');
    if (unavailable && problems.length === results.length) throw unavailable;
    return results;
  }

  async #tryToPublish(tenantId: string, reading: Reading, source: Source): Promise<PublishedEvent | Problem> {
    if (isProblem(reading)) return reading;
    try {
      return await this.#publish(tenantId, reading, source);
    } catch (error) {
      if (isProblem(error)) return error;
      throw error;
    }
  }

  async #publish(tenantId: string, envelope: Envelope, source: Source): Promise<PublishedEvent> {
    this.types.check(envelope);
    const event = acceptedEvent(tenantId, envelope, source);
    mustBeReadable(event);
    await this.events.store(event);
    // Under an id of its publisher another content may be stored.
    if (envelope.id !== undefined) return { id: event.eventId };
    return { id: event.eventId, type: event.eventType, timestamp: event.timestamp };
  }
}

function acceptedEvent(tenantId: string, envelope: Envelope, source: Source): EventAccepted {
  const acceptedAt = new Date().toISOString();
  return create(EventAccepted, {
    tenantId,
    eventId: envelope.id ?? newId('evt'),
    eventType: envelope.type,
    timestamp: envelope.timestamp ?? acceptedAt,
    acceptanceId: newId('acc'),
    acceptedAt,
    source,
    ...(envelope.contentType !== undefined && { contentType: envelope.contentType }),
    ...(envelope.cloudEvent !== undefined && { cloudEvent: envelope.cloudEvent }),
    ...(envelope.hops !== undefined && { hops: envelope.hops }),
    body: envelope.data,
  });
}

/**
 * Whatever the rules of the ingest protocols let pass: an event that its readers would dead-letter is not accepted.
 * @throws Problem `validation_failed`
 */
function mustBeReadable(event: EventAccepted): void {
  const faults = contractFaults(EventAccepted, event);
  if (faults.length === 0) return;
  throw new Problem('validation_failed', `The event is no valid ${EventAccepted.type}.`, faults);
}
