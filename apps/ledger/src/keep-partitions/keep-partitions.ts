import { messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, DayPartitions, Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { isUnfinished } from './unfinished.js';

/** Makes the books' partitions ahead and drops them when they expire. While it cannot, nothing else stops. */
@Injectable()
export class KeepPartitions implements OnModuleInit, BeforeApplicationShutdown {
  readonly #upkeep: Upkeep;

  constructor(database: Database<LedgerTables>, config: LedgerConfig, log: Log) {
    const payloads = { column: 'accepted_at', retentionMs: config.PAYLOAD_RETENTION };
    const metadata = { column: 'accepted_at', retentionMs: config.METADATA_RETENTION };
    const partitions = new DayPartitions(database, {
      tables: [
        { ...payloads, name: 'payloads' },
        { ...metadata, name: 'attempts' },
        { ...metadata, name: 'events' },
        { ...metadata, name: 'deliveries', column: 'created_at' },
      ],
      isNeeded: isUnfinished,
      log,
    });
    this.#upkeep = new Upkeep({
      work: () => partitions.keep(),
      onTrouble: (error, retryInMs) =>
        log.warn('partitions.not-kept', { reason: messageOf(error), retryInMs }),
    });
  }

  async onModuleInit(): Promise<void> {
    await this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }
}
