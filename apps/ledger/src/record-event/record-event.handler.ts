import { EventAccepted, EventRepeated } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { OnBatch } from '#libs/messaging';
import { Database, DropErased } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { LedgerTables } from '../ledger.tables.js';
import { recordWaitMs } from '../record-wait.js';
import { EventsRepository } from './events.repository.js';

/** Takes in what was accepted, and which of it the router left out as a repeat. */
@Controller()
export class RecordEventHandler {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly events: EventsRepository,
  ) {}

  @OnBatch(EventAccepted, { batchSize: 200, batchWaitMs: recordWaitMs })
  async record(@Payload(DropErased) events: EventAccepted[]): Promise<void> {
    failpoint('ledger.read');
    if (events.length > 0) await this.database.run((db) => this.events.record(db, events));
    failpoint('ledger.committed');
  }

  @OnBatch(EventRepeated, { batchSize: 200, batchWaitMs: recordWaitMs })
  async recordRepeat(@Payload(DropErased) repeats: EventRepeated[]): Promise<void> {
    if (repeats.length > 0) await this.database.run((db) => this.events.markRepeated(db, repeats));
  }
}
