import { PersistenceConfig } from '#libs/persistence';
import { runService } from '#libs/service';
import { LedgerConfig } from './ledger.config.js';
import { LedgerModule } from './ledger.module.js';

await runService(LedgerModule, [LedgerConfig, PersistenceConfig]);
