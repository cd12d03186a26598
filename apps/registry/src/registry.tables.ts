import type { Generated, Row } from '#libs/persistence';

export interface TenantsTable {
  id: string;
  name: string | null;
  metadata: Record<string, string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface DestinationsTable {
  id: string;
  tenant_id: string;
  version: Generated<number>;
  /** The version that last enabled it or gave it another URL. */
  renewed_version: Generated<number>;
  url: string;
  description: string;
  event_types: string[];
  timeout_ms: number;
  retry_schedule: string[] | null;
  max_concurrency: number;
  rate_per_second: number | null;
  enabled: boolean;
  disabled_reason: string | null;
  metadata: Record<string, string>;
  /** Newest first, each bound to the destination's id. */
  sealed_secrets: string[];
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export type DestinationRow = Row<DestinationsTable>;

export interface RegistryTables {
  tenants: TenantsTable;
  destinations: DestinationsTable;
}
