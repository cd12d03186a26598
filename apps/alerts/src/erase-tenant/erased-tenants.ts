import { AmqpClient } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, TenantErasures } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { AlertsTables } from '../alerts.tables.js';
import { lastSteps } from './erasure-steps.js';

/** The tenants that the alerts removes, and drops messages of. */
@Injectable()
export class ErasedTenants extends TenantErasures<AlertsTables> {
  constructor(database: Database<AlertsTables>, client: AmqpClient, log: Log) {
    super({ service: 'alerts', database, client, log, lastSteps });
  }
}
