import { DestinationChanged } from '#libs/contracts';
import { OnBatch } from '#libs/messaging';
import { Database, DropErased, keepNewest, type NewRow } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { DispatcherTables } from '../dispatcher.tables.js';

@Controller()
export class ProjectDestinationHandler {
  constructor(private readonly database: Database<DispatcherTables>) {}

  @OnBatch(DestinationChanged, { batchSize: 200 })
  async project(@Payload(DropErased) changes: DestinationChanged[]): Promise<void> {
    await this.database.transaction((db) => keepNewest(db, 'destinations', changes.map(rowOf)));
  }
}

function rowOf(change: DestinationChanged): NewRow<DispatcherTables['destinations']> {
  return {
    destination_id: change.destinationId,
    tenant_id: change.tenantId,
    version: change.version,
    deleted: change.deleted,
    enabled: change.enabled,
    url: change.url,
    format: change.format ?? 'standard',
    timeout_ms: change.timeoutMs,
    max_concurrency: change.maxConcurrency,
    rate_per_second: change.ratePerSecond ?? null,
    sealed_secrets: change.sealedSecrets,
    retiring_secrets: JSON.stringify(change.retiringSecrets ?? []),
    headers: JSON.stringify(change.headers ?? []),
  };
}
