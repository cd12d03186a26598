import type { DestinationChanged } from '#libs/contracts';
import { Database, keepNewest, type NewRow, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { RouterTables } from '../router.tables.js';

@Injectable()
export class ProjectionRepository {
  constructor(private readonly database: Database<RouterTables>) {}

  /** A tenant's revision moves with its destinations, in the same transaction. */
  apply(changes: readonly DestinationChanged[]): Promise<void> {
    return this.database.transaction(async (db) => {
      const applied = await keepNewest(db, 'destinations', changes.map(rowOf));
      const tenants = [...new Set(applied.map((row) => row.tenant_id))].toSorted();
      if (tenants.length === 0) return;
      await db
        .insertInto('tenants')
        .values(tenants.map((tenant_id) => ({ tenant_id, revision: '1' })))
        .onConflict((conflict) =>
          conflict.column('tenant_id').doUpdateSet({ revision: sql`tenants.revision + 1` }),
        )
        .execute();
    });
  }
}

function rowOf(change: DestinationChanged): NewRow<RouterTables['destinations']> {
  return {
    destination_id: change.destinationId,
    tenant_id: change.tenantId,
    version: change.version,
    deleted: change.deleted,
    enabled: change.enabled,
    event_types: change.eventTypes,
    filter: change.filter ? JSON.stringify(change.filter) : null,
  };
}
