import type { Generated } from '#libs/persistence';
import type { Decision } from './watch-destination/decide.js';
import type { Health } from './watch-destination/health.js';

export interface AlertsTables {
  /** A copy of what the registry owns, as far as it decides whether a destination is judged. */
  destinations: {
    destination_id: string;
    tenant_id: string;
    version: number;
    renewed_version: number;
    deleted: boolean;
    enabled: boolean;
    url: string;
  };
  health: { destination_id: string; health: Health };
  /** What was decided and is not carried out yet: written together with the health it follows from. */
  decisions: {
    id: Generated<string>;
    destination_id: string;
    key: string;
    decision: Decision;
    decided_at: Generated<Date>;
  };
}
