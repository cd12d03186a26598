import { create, EventAccepted, type EventSource } from '#libs/contracts';
import { Database, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { wakeLanes } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';

const batchSize = 200;

/** What the books say should have moved on, and has not. */
@Injectable()
export class SweepRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /**
   * Events that the router has said nothing of for so long, and that are in no dead letter: the very acceptance that was recorded, for `publish` to
   * send again. Each is looked at again after as long a time.
   */
  repeatUnrouted(afterMs: number, publish: (events: EventAccepted[]) => Promise<void>): Promise<number> {
    return this.database.transaction(async (db) => {
      const { rows } = await sql<Unrouted>`
        with unrouted as (
          select tenant_id, event_id, acceptance_id, accepted_at from events
          where routing = 'accepted' and recorded_at < now() - ${afterMs} * interval '1 millisecond'
            and not exists (select from parked where parked.acceptance_id = events.acceptance_id)
          order by recorded_at limit ${batchSize} for update skip locked
        )
        update events set recorded_at = now() from unrouted, payloads
        where events.tenant_id = unrouted.tenant_id and events.event_id = unrouted.event_id
          and events.acceptance_id = unrouted.acceptance_id and events.accepted_at = unrouted.accepted_at
          and payloads.tenant_id = unrouted.tenant_id and payloads.event_id = unrouted.event_id
          and payloads.acceptance_id = unrouted.acceptance_id and payloads.accepted_at = unrouted.accepted_at
        returning events.*, payloads.payload`.execute(db);
      await publish(rows.map(acceptanceOf));
      return rows.length;
    });
  }

  /**
   * Deliveries that were sent to be tried and of which nothing has come back for so long, not even a dead letter: those that `isLost` says are
   * in no queue any more are due again, under the number they had. The others are looked at again after as long a time.
   */
  repeatUnreported(afterMs: number, isLost: (destinationId: string) => Promise<boolean>): Promise<number> {
    return this.database.transaction(async (db) => {
      const { rows } = await sql<Unreported>`
        select id, created_at, destination_id from deliveries
        where due_at is null and status in ('pending', 'retrying')
          and updated_at < now() - ${afterMs} * interval '1 millisecond'
          and not exists (select from parked where parked.delivery_id = deliveries.id)
        order by updated_at limit ${batchSize} for update skip locked`.execute(db);
      if (rows.length === 0) return 0;
      const verdicts = await Promise.all(rows.map((row) => isLost(row.destination_id)));
      const lost = rows.filter((_, index) => verdicts[index]);
      await sql`
        update deliveries set
          due_at = case when id = any(${lost.map(({ id }) => id)}::text[]) then now() end,
          repeated = repeated or id = any(${lost.map(({ id }) => id)}::text[]),
          updated_at = now()
        where id = any(${rows.map(({ id }) => id)}::text[])
          and created_at = any(${rows.map((row) => row.created_at)}::timestamptz[])`.execute(db);
      await wakeLanes(
        db,
        lost.map((row) => ({ destinationId: row.destination_id })),
      );
      return lost.length;
    });
  }
}

interface Unreported {
  readonly id: string;
  readonly created_at: Date;
  readonly destination_id: string;
}

interface Unrouted {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly timestamp: string;
  readonly acceptance_id: string;
  readonly accepted_at: Date;
  readonly source: EventSource;
  readonly content_type: string | null;
  readonly cloud_event: string | null;
  readonly hops: number | null;
  readonly payload: Buffer;
}

function acceptanceOf(row: Unrouted): EventAccepted {
  return create(EventAccepted, {
    tenantId: row.tenant_id,
    eventId: row.event_id,
    eventType: row.event_type,
    timestamp: row.timestamp,
    acceptanceId: row.acceptance_id,
    acceptedAt: row.accepted_at.toISOString(),
    source: row.source,
    ...(row.content_type !== null && { contentType: row.content_type }),
    ...(row.cloud_event !== null && { cloudEvent: row.cloud_event }),
    ...(row.hops !== null && { hops: row.hops }),
    body: row.payload,
  });
}
