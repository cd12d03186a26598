import type { EventAccepted } from '#libs/contracts';
import { Database, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { RouterTables } from '../router.tables.js';

/** Remembers which acceptance of an event is the one that counts. */
@Injectable()
export class InboxRepository {
  constructor(private readonly database: Database<RouterTables>) {}

  /**
   * @returns the events to route: those not seen before, and those seen in the very same acceptance, whose routing may
   *   have been cut short by a crash. An event accepted a second time is left out.
   */
  async claim(events: readonly EventAccepted[]): Promise<EventAccepted[]> {
    // In one order everywhere: two routers claiming the same events must not wait for one another in a circle.
    const ordered = events.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const counting = new Map(await this.#insert(ordered));
    const others = ordered.filter((event) => !counting.has(keyOf(event)));
    if (others.length > 0) for (const [key, id] of await this.#select(others)) counting.set(key, id);
    return events.filter((event) => counting.get(keyOf(event)) === event.acceptanceId);
  }

  async #insert(events: readonly EventAccepted[]): Promise<[string, string][]> {
    const { rows } = await this.database.run((db) =>
      sql<Claimed>`
        insert into inbox (tenant_id, event_id, acceptance_id, accepted_at)
        select * from unnest(
          ${events.map((event) => event.tenantId)}::text[],
          ${events.map((event) => event.eventId)}::text[],
          ${events.map((event) => event.acceptanceId)}::text[],
          ${events.map((event) => event.acceptedAt)}::timestamptz[]
        )
        on conflict do nothing
        returning tenant_id, event_id, acceptance_id`.execute(db),
    );
    return rows.map(claimOf);
  }

  async #select(events: readonly EventAccepted[]): Promise<[string, string][]> {
    const { rows } = await this.database.run((db) =>
      sql<Claimed>`
        select tenant_id, event_id, acceptance_id from inbox
        where (tenant_id, event_id) in (
          select * from unnest(
            ${events.map((event) => event.tenantId)}::text[],
            ${events.map((event) => event.eventId)}::text[]
          )
        )`.execute(db),
    );
    return rows.map(claimOf);
  }
}

interface Claimed {
  tenant_id: string;
  event_id: string;
  acceptance_id: string;
}

function keyOf(event: EventAccepted): string {
  return `${event.tenantId}/${event.eventId}`;
}

function claimOf(row: Claimed): [string, string] {
  return [`${row.tenant_id}/${row.event_id}`, row.acceptance_id];
}
