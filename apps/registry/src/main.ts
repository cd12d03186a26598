import { runService } from '#libs/service';
import { RegistryModule } from './registry.module.js';

await runService(RegistryModule);
