import { Database, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { countingFirst } from '../history/counting-first.js';

/** An event as it was published. */
export interface PublishedEvent {
  readonly tenantId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly timestamp: string;
  readonly contentType: string | null;
  readonly cloudEvent: string | null;
  readonly acceptedAt: string;
  /** False while the router has not said to whom it goes. */
  readonly isRouted: boolean;
  /** Null where it is past its retention. */
  readonly payload: Buffer | null;
}

type Found = Omit<PublishedEvent, 'acceptedAt'> & { readonly acceptedAt: Date };

@Injectable()
export class PublishedEventsRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /** The acceptance that the history shows. */
  async find(tenantId: string, eventId: string): Promise<PublishedEvent | undefined> {
    const { rows } = await this.database.ofTenant(tenantId).run((db) =>
      sql<Found>`
        select tenant_id as "tenantId", event_id as "eventId", event_type as "eventType", "timestamp",
          content_type as "contentType", cloud_event as "cloudEvent", accepted_at as "acceptedAt", routing = 'routed' as "isRouted", payload
        from events left join payloads using (tenant_id, event_id, accepted_at, acceptance_id)
        where tenant_id = ${tenantId} and event_id = ${eventId}
          and recorded_at is not null and routing <> 'repeated'
        order by ${countingFirst} limit 1`.execute(db),
    );
    const [found] = rows;
    return found && { ...found, acceptedAt: found.acceptedAt.toISOString() };
  }
}
