import { loadConfig } from '#libs/config';
import { MessagingModule } from '#libs/messaging';
import { ObservabilityModule } from '#libs/observability';
import { Erasures, PersistenceModule } from '#libs/persistence';
import { Module } from '@nestjs/common';
import { migrations } from '../migrations/index.js';
import { AlertsConfig } from './alerts.config.js';
import { AnnounceFailedDeliveryHandler } from './announce-failed-delivery/announce-failed-delivery.handler.js';
import { AnnounceParkedMessageHandler } from './announce-parked-message/announce-parked-message.handler.js';
import { ErasedTenants } from './erase-tenant/erased-tenants.js';
import { EraseTenantHandler } from './erase-tenant/erase-tenant.handler.js';
import { OperationalEvents } from './operational-events/operational-events.js';
import { ProjectDestinationHandler } from './project-destination/project-destination.handler.js';
import { CarryOut } from './watch-destination/carry-out.js';
import { HealthRepository } from './watch-destination/health.repository.js';
import { WatchDestinationHandler } from './watch-destination/watch-destination.handler.js';

@Module({
  imports: [
    ObservabilityModule.forApp('alerts'),
    MessagingModule.forApp('alerts'),
    PersistenceModule.forSchema('alerts', migrations),
  ],
  controllers: [
    WatchDestinationHandler,
    ProjectDestinationHandler,
    AnnounceFailedDeliveryHandler,
    AnnounceParkedMessageHandler,
    EraseTenantHandler,
  ],
  providers: [
    { provide: AlertsConfig, useFactory: () => loadConfig(AlertsConfig) },
    ErasedTenants,
    { provide: Erasures, useExisting: ErasedTenants },
    HealthRepository,
    CarryOut,
    OperationalEvents,
  ],
})
export class AlertsModule {}
