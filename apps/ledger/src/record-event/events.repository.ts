import type { EventAccepted } from '#libs/contracts';
import { joined, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { contentDigest } from './content-digest.js';

/** What the router says of an acceptance. */
export interface Verdict {
  readonly tenantId: string;
  readonly eventId: string;
  readonly eventType?: string;
  readonly acceptanceId: string;
  readonly acceptedAt: string;
}

/** Writes events, in batches: the same message twice, or messages in another order, come to the same rows. */
@Injectable()
export class EventsRepository {
  /** Takes in what was accepted, with the payloads; what the router said of it before stays. */
  async record(db: Kysely<LedgerTables>, accepted: readonly EventAccepted[]): Promise<void> {
    const events = oncePerAcceptance(accepted);
    const payloads = joined(events.map(({ body }) => body));
    await sql`
      with given as materialized (
        select given.*, substring(${payloads.bytes}::bytea from starts_at for length) as payload from unnest(
          ${events.map((event) => event.tenantId)}::text[],
          ${events.map((event) => event.eventId)}::text[],
          ${events.map((event) => event.acceptanceId)}::text[],
          ${events.map((event) => event.acceptedAt)}::timestamptz[],
          ${events.map((event) => event.eventType)}::text[],
          ${events.map((event) => event.timestamp)}::text[],
          ${events.map((event) => event.source)}::text[],
          ${events.map((event) => event.contentType ?? null)}::text[],
          ${events.map((event) => event.cloudEvent ?? null)}::text[], ${events.map((event) => event.hops ?? null)}::smallint[], ${events.map(contentDigest)}::bytea[],
          ${payloads.startsAt}::integer[], ${payloads.lengths}::integer[]
        ) as given (tenant_id, event_id, acceptance_id, accepted_at, event_type, "timestamp", source, content_type,
          cloud_event, hops, content_digest, starts_at, length)
      ),
      recorded as (
        insert into events
          (tenant_id, event_id, acceptance_id, accepted_at, event_type, "timestamp", source, content_type,
            cloud_event, hops, content_digest, routing, recorded_at)
        select tenant_id, event_id, acceptance_id, accepted_at, event_type, "timestamp", source, content_type,
          cloud_event, hops, content_digest, 'accepted', now()
        from given order by tenant_id, event_id, accepted_at, acceptance_id
        on conflict (tenant_id, event_id, accepted_at, acceptance_id) do update set
          event_type = excluded.event_type,
          "timestamp" = excluded."timestamp",
          source = excluded.source, content_type = excluded.content_type,
          cloud_event = excluded.cloud_event, hops = excluded.hops,
          content_digest = excluded.content_digest,
          recorded_at = excluded.recorded_at
        where events.recorded_at is null
      )
      insert into payloads (tenant_id, event_id, acceptance_id, accepted_at, payload)
      select tenant_id, event_id, acceptance_id, accepted_at, payload
      from given order by tenant_id, event_id, accepted_at, acceptance_id
      on conflict do nothing`.execute(db);
  }

  /** An acceptance that was routed has its deliveries, whatever else is said of it. */
  async markRouted(db: Kysely<LedgerTables>, verdicts: readonly Verdict[]): Promise<void> {
    await this.#mark(db, 'routed', verdicts);
  }

  async markRepeated(db: Kysely<LedgerTables>, verdicts: readonly Verdict[]): Promise<void> {
    await this.#mark(db, 'repeated', verdicts);
  }

  async #mark(
    db: Kysely<LedgerTables>,
    routing: 'routed' | 'repeated',
    verdicts: readonly Verdict[],
  ): Promise<void> {
    const events = oncePerAcceptance(verdicts);
    await sql`
      insert into events (tenant_id, event_id, acceptance_id, accepted_at, event_type, routing)
      select tenant_id, event_id, acceptance_id, accepted_at, event_type, ${routing}
      from unnest(
        ${events.map((event) => event.tenantId)}::text[],
        ${events.map((event) => event.eventId)}::text[],
        ${events.map((event) => event.acceptanceId)}::text[],
        ${events.map((event) => event.acceptedAt)}::timestamptz[],
        ${events.map((event) => event.eventType ?? null)}::text[]
      ) as given (tenant_id, event_id, acceptance_id, accepted_at, event_type)
      order by tenant_id, event_id, accepted_at, acceptance_id
      on conflict (tenant_id, event_id, accepted_at, acceptance_id) do update set routing = excluded.routing
      where events.routing = 'accepted' or (events.routing = 'repeated' and excluded.routing = 'routed')`.execute(
      db,
    );
  }
}

/** One row cannot be written twice by one statement; a message may come twice in one batch. */
function oncePerAcceptance<Event extends { readonly acceptanceId: string }>(
  events: readonly Event[],
): Event[] {
  return [...new Map(events.map((event) => [event.acceptanceId, event])).values()];
}
