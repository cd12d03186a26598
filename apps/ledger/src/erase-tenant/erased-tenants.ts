import { create, TenantErased } from '#libs/contracts';
import { AmqpClient, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, Erasures } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { lastSteps, steps } from './erasure-steps.js';

const service = 'ledger';
const reportDeadlineMs = 5000;

/** The tenants that the ledger removes, and drops messages of. */
@Injectable()
export class ErasedTenants extends Erasures<LedgerTables> {
  constructor(database: Database<LedgerTables>, client: AmqpClient, log: Log) {
    super({
      database,
      steps,
      lastSteps,
      report: ({ erasureId, tenantId, removed, done }) => {
        if (done) log.info('tenant.erased', { erasureId, tenantId, removed });
        const report = create(TenantErased, { erasureId, tenantId, service, removed, done });
        return client.confirm(report, reportDeadlineMs);
      },
      onTrouble: (error) => log.warn('erasure.waiting', { reason: messageOf(error) }),
    });
  }
}
