import { EgressConfig } from '#libs/egress';
import { PersistenceConfig } from '#libs/persistence';
import { runService } from '#libs/service';
import { DispatcherConfig } from './dispatcher.config.js';
import { DispatcherModule } from './dispatcher.module.js';

await runService(DispatcherModule, [EgressConfig, DispatcherConfig, PersistenceConfig]);
