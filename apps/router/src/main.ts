import { PersistenceConfig } from '#libs/persistence';
import { runService } from '#libs/service';
import { RouterModule } from './router.module.js';

await runService(RouterModule, [PersistenceConfig]);
