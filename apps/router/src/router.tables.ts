import type { ColumnType } from '#libs/persistence';

/** The router's copy of what the registry owns, and the events that it has seen. */
export interface RouterTables {
  destinations: {
    destination_id: string;
    tenant_id: string;
    version: number;
    deleted: boolean;
    enabled: boolean;
    event_types: string[];
    /** Conditions on the event, as JSON; written as text. */
    filter: ColumnType<object | null, string | null>;
  };
  /** Grows with each change of a tenant's destinations: what a process keeps in memory is good for one revision. */
  tenants: { tenant_id: string; revision: string };
  inbox: { tenant_id: string; event_id: string; day: string; acceptance_id: string };
  inbox_days: { day: string; closed_at: Date | null };
}
