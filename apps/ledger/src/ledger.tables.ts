import type { AttemptResult, DeliveryStatus, EventSource } from '#libs/contracts';
import type { Generated } from '#libs/persistence';

export interface LedgerTables {
  events: {
    tenant_id: string;
    event_id: string;
    event_type: string;
    timestamp: string;
    acceptance_id: string;
    accepted_at: Date;
    source: EventSource;
    content_type: string | null;
    payload: Buffer;
  };
  deliveries: {
    id: string;
    tenant_id: string;
    event_id: string;
    event_type: string;
    destination_id: string;
    status: DeliveryStatus;
    attempt_count: Generated<number>;
    /** When it is to be sent; null while it is being sent, is held, or is finished. */
    due_at: Date | null;
    created_at: Date;
    updated_at: Generated<Date>;
  };
  attempts: {
    delivery_id: string;
    attempt: number;
    result: AttemptResult;
    status_code: number | null;
    error_class: string | null;
    started_at: Date;
    duration_ms: number;
    response: Buffer;
  };
  /** The ledger's copy of what decides whether a delivery waits. */
  destinations: {
    destination_id: string;
    tenant_id: string;
    version: number;
    deleted: boolean;
    enabled: boolean;
  };
}
