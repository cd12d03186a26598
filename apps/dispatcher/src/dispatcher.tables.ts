import type { DestinationFormat, DestinationHeader, RetiringSecret } from '#libs/contracts';
import type { ColumnType } from '#libs/persistence';

/** Read as what it is, written as text. */
type Json<Value> = ColumnType<Value, string, string>;

/** The dispatcher's copy of what registry and ledger own, and how dispatchers share what a destination allows. */
export interface DispatcherTables {
  /** What is confidential stays sealed in it. */
  destinations: {
    destination_id: string;
    tenant_id: string;
    version: number;
    deleted: boolean;
    enabled: boolean;
    url: string;
    format: DestinationFormat;
    timeout_ms: number;
    max_concurrency: number;
    rate_per_second: number | null;
    sealed_secrets: string[];
    retiring_secrets: Json<RetiringSecret[]>;
    headers: Json<DestinationHeader[]>;
  };
  circuits: {
    destination_id: string;
    version: number;
    open: boolean;
  };
  /** The dispatcher processes that are alive. */
  dispatchers: {
    process_id: string;
    seen_at: Date;
    /** The processes whose shares this one leaves to them. */
    goes_by: string[];
  };
  /** Of destinations with a rate; times are milliseconds since 1970 by Postgres' clock. */
  rates: {
    destination_id: string;
    every_ms: number;
    ahead_ms: number;
    /** How many slots were asked for last, and how many of them were given. */
    asked: number;
    granted: number;
    next_slot_ms: number;
  };
}
