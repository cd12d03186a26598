import type { AuditTables } from '#libs/audit';
import type { AttemptResult, DeliveryStatus, EventSource, ParkedMessage, ReplayState } from '#libs/contracts';
import type { KeptTrace } from '#libs/messaging';
import type { ColumnType, Generated } from '#libs/persistence';

export interface LedgerTables extends AuditTables {
  events: {
    tenant_id: string;
    event_id: string;
    acceptance_id: string;
    accepted_at: Date;
    /** `accepted` until the router has said which; `repeated`: another acceptance of the same event counts. */
    routing: 'accepted' | 'routed' | 'repeated';
    /** This and the rest are null while only the router has told of the event. */
    event_type: string | null;
    timestamp: string | null;
    source: EventSource | null;
    content_type: string | null;
    cloud_event: string | null;
    hops: number | null;
    /** See content-digest.ts; null for what an earlier build recorded, too. */
    content_digest: Buffer | null;
    recorded_at: Date | null;
  };
  /** Gone before the events they belong to. */
  payloads: {
    tenant_id: string;
    event_id: string;
    acceptance_id: string;
    accepted_at: Date;
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
    /** How many attempts had been made when it was last sent again: its schedule is counted from there. */
    schedule_start: Generated<number>;
    /** When it is to be sent, or was to be while its circuit is open; null while it is being sent, is held, or is finished. */
    due_at: Date | null;
    /** Its next attempt was asked for before, and may have been made. */
    repeated: Generated<boolean>;
    /** Where its next attempt goes on in its trace; null while traces are off. */
    trace: ColumnType<KeptTrace | null, string | null | undefined, string | null>;
    /** When the event was accepted. */
    created_at: Date;
    updated_at: Generated<Date>;
  };
  attempts: {
    delivery_id: string;
    attempt: number;
    accepted_at: Date;
    result: AttemptResult;
    status_code: number | null;
    error_class: string | null;
    repeated: boolean;
    started_at: Date;
    duration_ms: number;
    response: Buffer;
  };
  /** The ledger's copy of what decides whether, and for how long, a delivery waits. */
  destinations: {
    destination_id: string;
    tenant_id: string;
    version: number;
    /** The version by which it was last enabled or given another URL. */
    renewed_version: number;
    deleted: boolean;
    enabled: boolean;
    /** Null for the ledger's own. */
    retry_schedule_ms: number[] | null;
    max_concurrency: number;
    rate_per_second: number | null;
  };
  /** One for each destination that has a delivery with a `due_at`: when to look what of it is due. */
  lanes: {
    destination_id: string;
    /** Not after the earliest `due_at` of its deliveries, unless it has to wait for something else. */
    due_at: Date;
    /** It is paused until then; null once it has been looked at since. */
    not_before: Date | null;
  };
  /** What is known of whether a destination answers at all; none for one that always has. */
  circuits: {
    destination_id: string;
    /** Attempts in a row that got no answer. */
    failures: number;
    open: boolean;
    /** Grows with each opening and closing. */
    version: number;
    /** Attempts by an older version of the destination are not counted. */
    renewed_version: number;
  };
  /** What came of a destination's attempts in a span of time. */
  tallies: {
    destination_id: string;
    span: 'minutes' | 'hour';
    at: Date;
    delivered: number;
    failed: number;
    /** How many took how long, see durations.ts. */
    durations: number[];
    last_delivered_at: Date | null;
    last_failed_at: Date | null;
  };
  /** Jobs that send many deliveries again. */
  replays: {
    id: string;
    tenant_id: string;
    /** This and the next two are null where it is for all of them. */
    destination_id: string | null;
    event_types: string[] | null;
    statuses: DeliveryStatus[] | null;
    accepted_after: Date;
    accepted_before: Date;
    dry_run: boolean;
    rate_per_second: number | null;
    /** Null, like the digest of what was asked for under it, where there was no key. */
    idempotency_key: string | null;
    request_digest: string | null;
    state: Generated<ReplayState>;
    matched: Generated<number>;
    done: Generated<number>;
    skipped: Generated<number>;
    /** The last delivery that was looked at; counting and sending each go through all of them. */
    position: Generated<string>;
    /** When it may go on. */
    next_at: Generated<Date>;
    progressed_at: Generated<Date>;
    created_at: Generated<Date>;
    /** Null while it is counting or running. */
    finished_at: Date | null;
  };
  /** Events whose payload was erased on request. */
  erased_payloads: {
    tenant_id: string;
    event_id: string;
    erased_at: Generated<Date>;
    /** When what was recorded late of it is removed; null once that is done. */
    due_at: Date | null;
  };
  /** What could not be processed, until it is put back or dropped. */
  parked: {
    id: string;
    parked_at: Date;
    /** The one it was in. */
    queue: string;
    reason: string;
    /** Bytes among its headers are kept as `{ "type": "Buffer", "data": […] }`. */
    origin: ColumnType<Pick<ParkedMessage, 'exchange' | 'routingKey' | 'properties'>, string, never>;
    body: Buffer;
    /** Of its body and its origin. */
    size_bytes: number;
    /** The reference of its tenant, as far as that can be read; of a publisher's message the public id, by its routing key. */
    tenant_id: string | null;
    /** What it asks for or reports: while it is kept, the sweeper does not send that again. */
    delivery_id: string | null;
    acceptance_id: string | null;
  };
}
