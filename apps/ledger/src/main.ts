import { runService } from '#libs/service';
import { LedgerModule } from './ledger.module.js';

await runService(LedgerModule);
