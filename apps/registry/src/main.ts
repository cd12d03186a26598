import { EgressConfig } from '#libs/egress';
import { PersistenceConfig } from '#libs/persistence';
import { runService } from '#libs/service';
import { RegistryConfig } from './registry.config.js';
import { RegistryModule } from './registry.module.js';

await runService(RegistryModule, [EgressConfig, RegistryConfig, PersistenceConfig]);
