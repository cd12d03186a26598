import { loadConfig } from '#libs/config';
import { Egress, EgressConfig, egressPolicy } from '#libs/egress';
import { MessagingModule } from '#libs/messaging';
import { ObservabilityModule } from '#libs/observability';
import { PersistenceModule } from '#libs/persistence';
import { Sealer } from '#libs/sealing';
import { Module } from '@nestjs/common';
import { migrations } from '../migrations/index.js';
import { DeliverEventHandler } from './deliver-event/deliver-event.handler.js';
import { DirectoryRepository } from './deliver-event/directory.repository.js';
import { RecentAttempts } from './deliver-event/recent-attempts.js';
import { WebhookSender } from './deliver-event/webhook-sender.js';
import { DispatcherConfig } from './dispatcher.config.js';
import { ProjectDestinationHandler } from './project-destination/project-destination.handler.js';

@Module({
  imports: [
    ObservabilityModule.forApp('dispatcher'),
    MessagingModule.forApp('dispatcher'),
    PersistenceModule.forSchema('dispatcher', migrations),
  ],
  controllers: [DeliverEventHandler, ProjectDestinationHandler],
  providers: [
    DirectoryRepository,
    RecentAttempts,
    WebhookSender,
    { provide: Sealer, useFactory: () => new Sealer(loadConfig(DispatcherConfig).POSTHORN_MASTER_KEY) },
    { provide: Egress, useFactory: () => new Egress({ policy: egressPolicy(loadConfig(EgressConfig)) }) },
  ],
})
export class DispatcherModule {}
