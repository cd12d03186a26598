import { DestinationChanged } from '#libs/contracts';
import { OnBatch } from '#libs/messaging';
import { Database, DropErased, keepNewest } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { AlertsTables } from '../alerts.tables.js';

@Controller()
export class ProjectDestinationHandler {
  constructor(private readonly database: Database<AlertsTables>) {}

  @OnBatch(DestinationChanged, { batchSize: 200 })
  async project(@Payload(DropErased) changes: DestinationChanged[]): Promise<void> {
    await this.database.transaction(async (db) => {
      const applied = await keepNewest(db, 'destinations', changes.map(rowOf));
      const deleted = applied.filter((row) => row.deleted).map((row) => row.destination_id);
      if (deleted.length > 0) {
        await db.deleteFrom('health').where('destination_id', 'in', deleted).execute();
      }
    });
  }
}

function rowOf(change: DestinationChanged): AlertsTables['destinations'] {
  return {
    destination_id: change.destinationId,
    tenant_id: change.tenantId,
    version: change.version,
    renewed_version: change.renewedVersion,
    deleted: change.deleted,
    enabled: change.enabled,
    url: change.url,
  };
}
