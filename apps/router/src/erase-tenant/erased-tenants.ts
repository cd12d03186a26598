import { AmqpClient } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, TenantErasures } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { RouterTables } from '../router.tables.js';
import { lastSteps, steps } from './erasure-steps.js';

/** The tenants that the router removes, and drops messages of. */
@Injectable()
export class ErasedTenants extends TenantErasures<RouterTables> {
  constructor(database: Database<RouterTables>, client: AmqpClient, log: Log) {
    super({ service: 'router', database, client, log, steps, lastSteps });
  }
}
