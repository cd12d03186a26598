import { loadConfig } from '#libs/config';
import { deliveryPartitions } from '#libs/contracts';
import { Egress, EgressConfig, egressPolicy } from '#libs/egress';
import { messageOf, MessagingModule } from '#libs/messaging';
import { Log, ObservabilityModule } from '#libs/observability';
import { Erasures, PersistenceModule } from '#libs/persistence';
import { Sealer } from '#libs/sealing';
import { Module } from '@nestjs/common';
import { migrations } from '../migrations/index.js';
import { Admissions } from './admit-attempt/admissions.js';
import { AttemptsUnderWay } from './admit-attempt/attempts-under-way.js';
import { DispatchersRepository } from './admit-attempt/dispatchers.repository.js';
import { slotsPerPartition } from './admit-attempt/limit-reached.js';
import { Membership } from './admit-attempt/membership.js';
import { RatesRepository } from './admit-attempt/rates.repository.js';
import { Attempts } from './deliver-event/attempts.js';
import { DeliverEventHandler } from './deliver-event/deliver-event.handler.js';
import { DirectoryRepository } from './deliver-event/directory.repository.js';
import { WebhookHeaders } from './deliver-event/header-templates.js';
import { RecentAttempts } from './deliver-event/recent-attempts.js';
import { WebhookSender } from './deliver-event/webhook-sender.js';
import { DispatcherConfig } from './dispatcher.config.js';
import { ErasedTenants } from './erase-tenant/erased-tenants.js';
import { EraseTenantHandler } from './erase-tenant/erase-tenant.handler.js';
import { ProjectCircuitHandler } from './project-circuit/project-circuit.handler.js';
import { ProjectDestinationHandler } from './project-destination/project-destination.handler.js';
import { TestDestinationHandler } from './test-destination/test-destination.handler.js';

@Module({
  imports: [
    ObservabilityModule.forApp('dispatcher'),
    MessagingModule.forApp('dispatcher'),
    PersistenceModule.forSchema('dispatcher', migrations),
  ],
  controllers: [
    DeliverEventHandler,
    ProjectDestinationHandler,
    ProjectCircuitHandler,
    TestDestinationHandler,
    EraseTenantHandler,
  ],
  providers: [
    ErasedTenants,
    { provide: Erasures, useExisting: ErasedTenants },
    DirectoryRepository,
    RecentAttempts,
    WebhookSender,
    Attempts,
    Admissions,
    AttemptsUnderWay,
    DispatchersRepository,
    Membership,
    RatesRepository,
    { provide: Sealer, useFactory: () => new Sealer(loadConfig(DispatcherConfig).POSTHORN_MASTER_KEY) },
    {
      provide: WebhookHeaders,
      useFactory: () => new WebhookHeaders(loadConfig(DispatcherConfig).WEBHOOK_HEADERS),
    },
    {
      provide: Egress,
      // What is admitted does not wait for a connection: many destinations may be at one origin.
      inject: [Log],
      useFactory: (log: Log) =>
        new Egress({
          policy: egressPolicy(loadConfig(EgressConfig)),
          nameServers: loadConfig(DispatcherConfig).EGRESS_DNS_SERVERS,
          onUnknownFailure: (error) => log.error('attempt.failure-unknown', { reason: messageOf(error) }),
          maxConnectionsPerOrigin: deliveryPartitions * slotsPerPartition,
        }),
    },
  ],
})
export class DispatcherModule {}
