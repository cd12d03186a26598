import type { AuditTables } from '#libs/audit';
import type {
  ApiScope,
  DestinationFormat,
  DestinationHeader,
  RetiringSecret,
  Signing,
} from '#libs/contracts';
import type { ColumnType, Generated, GeneratedAlways, Row } from '#libs/persistence';

/** Read as what it is, written as text. */
type Json<Value> = ColumnType<Value, string | null, string | null>;

export interface TenantsTable {
  /** The reference: the public id and the generation, see `tenantReference`. */
  id: string;
  public_id: GeneratedAlways<string>;
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
  format: DestinationFormat;
  timeout_ms: number;
  retry_schedule: string[] | null;
  max_concurrency: number;
  rate_per_second: number | null;
  enabled: boolean;
  disabled_reason: string | null;
  metadata: Record<string, string>;
  filter: Json<object | null>;
  headers: Json<DestinationHeader[]>;
  signing: Signing;
  /** The present one, bound to the destination's id. */
  sealed_secrets: string[];
  /** Those that sign too until their time is over, newest first. */
  retiring_secrets: Json<RetiringSecret[]>;
  /** When the first of them ends. */
  retire_at: Date | null;
  /** The last rotation that was asked for. */
  rotation_id: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface ApiKeysTable {
  id: string;
  /** Of its last change, counted over all keys. */
  version: number;
  name: string | null;
  masked_key: string;
  hash: string;
  pepper_id: string;
  scopes: ApiScope[];
  tenant_id: string | null;
  expires_at: Date | null;
  created_at: Generated<Date>;
  revoked_at: Generated<Date | null>;
  last_used_at: Generated<Date | null>;
}

export type ApiKeyRow = Row<ApiKeysTable>;

export type DestinationRow = Row<DestinationsTable>;

export interface EventTypesTable {
  name: string;
  /** A bigint, which the driver gives as text. */
  version: string;
  deleted: Generated<boolean>;
  description: string;
  /** As JSON. */
  schema: string | null;
  example: string | null;
  deprecated: boolean;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** The last generation that was deleted of each public id. */
export interface TenantGenerationsTable {
  public_id: string;
  generation: number;
}

/** Of deleted tenants: what is removed of them, and the receipt. */
export interface ErasuresTable {
  id: string;
  /** The public id that the tenant had. */
  tenant_id: string;
  requested_at: Generated<Date>;
  finished_at: Date | null;
}

export interface ErasureServicesTable {
  erasure_id: string;
  service: string;
  removed: ColumnType<Record<string, number>, string, string>;
  finished_at: Date | null;
}

export interface RegistryTables extends AuditTables {
  erasures: ErasuresTable;
  erasure_services: ErasureServicesTable;
  event_types: EventTypesTable;
  tenants: TenantsTable;
  tenant_generations: TenantGenerationsTable;
  destinations: DestinationsTable;
  api_keys: ApiKeysTable;
  api_key_versions: { version: number };
}
