import { PersistenceConfig } from '#libs/persistence';
import { runService } from '#libs/service';
import { AlertsConfig } from './alerts.config.js';
import { AlertsModule } from './alerts.module.js';

await runService(AlertsModule, [AlertsConfig, PersistenceConfig]);
