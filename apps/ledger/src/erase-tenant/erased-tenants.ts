import { AmqpClient } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, TenantErasures } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { lastSteps, steps } from './erasure-steps.js';

/** The tenants that the ledger removes, and drops messages of. */
@Injectable()
export class ErasedTenants extends TenantErasures<LedgerTables> {
  constructor(database: Database<LedgerTables>, client: AmqpClient, log: Log) {
    super({ service: 'ledger', database, client, log, steps, lastSteps });
  }
}
