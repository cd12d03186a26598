import { create, TenantErased } from '#libs/contracts';
import { AmqpClient, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, Erasures } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { DispatcherTables } from '../dispatcher.tables.js';
import { lastSteps } from './erasure-steps.js';

const service = 'dispatcher';
const reportDeadlineMs = 5000;

/** The tenants that the dispatcher removes, and drops messages of. */
@Injectable()
export class ErasedTenants extends Erasures<DispatcherTables> {
  constructor(database: Database<DispatcherTables>, client: AmqpClient, log: Log) {
    super({
      database,
      steps: [],
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
