import { MessagingModule } from '#libs/messaging';
import { ObservabilityModule } from '#libs/observability';
import { Erasures, PersistenceModule } from '#libs/persistence';
import { Module } from '@nestjs/common';
import { migrations } from '../migrations/index.js';
import { ErasedTenants } from './erase-tenant/erased-tenants.js';
import { EraseTenantHandler } from './erase-tenant/erase-tenant.handler.js';
import { ExplainRoutingHandler } from './explain-routing/explain-routing.handler.js';
import { MatchEventHandler } from './match-event/match-event.handler.js';
import { ProjectDestinationHandler } from './project-destination/project-destination.handler.js';
import { ProjectionRepository } from './project-destination/projection.repository.js';
import { RotateInbox } from './rotate-inbox/rotate-inbox.js';
import { DirectoryRepository } from './route-event/directory.repository.js';
import { InboxRepository } from './route-event/inbox.repository.js';
import { RouteEventHandler } from './route-event/route-event.handler.js';

@Module({
  imports: [
    ObservabilityModule.forApp('router'),
    MessagingModule.forApp('router'),
    PersistenceModule.forSchema('router', migrations),
  ],
  controllers: [
    RouteEventHandler,
    MatchEventHandler,
    ProjectDestinationHandler,
    ExplainRoutingHandler,
    EraseTenantHandler,
  ],
  providers: [
    ErasedTenants,
    { provide: Erasures, useExisting: ErasedTenants },
    InboxRepository,
    RotateInbox,
    DirectoryRepository,
    ProjectionRepository,
  ],
})
export class RouterModule {}
