import { CircuitChanged } from '#libs/contracts';
import { OnBatch } from '#libs/messaging';
import { Database, keepNewest } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { DispatcherTables } from '../dispatcher.tables.js';

@Controller()
export class ProjectCircuitHandler {
  constructor(private readonly database: Database<DispatcherTables>) {}

  @OnBatch(CircuitChanged, { batchSize: 200 })
  async project(@Payload() changes: CircuitChanged[]): Promise<void> {
    const rows = changes.map(({ destinationId, version, open }) => ({
      destination_id: destinationId,
      version,
      open,
    }));
    await this.database.transaction((db) => keepNewest(db, 'circuits', rows));
  }
}
