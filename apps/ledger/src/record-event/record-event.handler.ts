import { EventAccepted } from '#libs/contracts';
import { OnBatch } from '#libs/messaging';
import { Database, sql } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { LedgerTables } from '../ledger.tables.js';

@Controller()
export class RecordEventHandler {
  constructor(private readonly database: Database<LedgerTables>) {}

  @OnBatch(EventAccepted, { batchSize: 200 })
  async record(@Payload() events: EventAccepted[]): Promise<void> {
    const ordered = events.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
    await this.database.run((db) =>
      sql`
        insert into events
          (tenant_id, event_id, event_type, "timestamp", acceptance_id, accepted_at, source, content_type, payload)
        select * from unnest(
          ${ordered.map((event) => event.tenantId)}::text[],
          ${ordered.map((event) => event.eventId)}::text[],
          ${ordered.map((event) => event.eventType)}::text[],
          ${ordered.map((event) => event.timestamp)}::text[],
          ${ordered.map((event) => event.acceptanceId)}::text[],
          ${ordered.map((event) => event.acceptedAt)}::timestamptz[],
          ${ordered.map((event) => event.source)}::text[],
          ${ordered.map((event) => event.contentType ?? null)}::text[],
          ${ordered.map((event) => event.body)}::bytea[]
        )
        on conflict do nothing`.execute(db),
    );
  }
}
