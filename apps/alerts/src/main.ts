import { runService } from '#libs/service';
import { AlertsModule } from './alerts.module.js';

await runService(AlertsModule);
