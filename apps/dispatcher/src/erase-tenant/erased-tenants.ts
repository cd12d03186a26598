import { AmqpClient } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, TenantErasures } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { DispatcherTables } from '../dispatcher.tables.js';
import { lastSteps } from './erasure-steps.js';

/** The tenants that the dispatcher removes, and drops messages of. */
@Injectable()
export class ErasedTenants extends TenantErasures<DispatcherTables> {
  constructor(database: Database<DispatcherTables>, client: AmqpClient, log: Log) {
    super({ service: 'dispatcher', database, client, log, lastSteps });
  }
}
