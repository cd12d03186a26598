import { runService } from '#libs/service';
import { DispatcherModule } from './dispatcher.module.js';

await runService(DispatcherModule);
