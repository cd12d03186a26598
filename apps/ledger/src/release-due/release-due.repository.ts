import { create, DeliveryRequested, type DeliveryStatus } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { ByteAllowances, type KeptTrace, resumed } from '#libs/messaging';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { admitBytes, type Admitted } from './admit-bytes.js';
import { type Lane, LanesRepository, type Waiting } from './lanes.repository.js';
import { loadPayloads } from './load-payloads.js';
import { type NextLook, nextLook } from './next-look.js';

interface Claimed {
  readonly id: string;
  readonly tenant_id: string;
  readonly event_id: string;
  readonly accepted_at: Date;
  readonly acceptance_id: string | null;
  readonly attempt_count: number;
  readonly timestamp: string | null;
  readonly content_type: string | null;
  readonly cloud_event: string | null;
  readonly hops: number | null;
  /** Null while its event is not recorded. */
  readonly payload_bytes: number | null;
  /** Also null where it is large and not loaded yet. */
  readonly payload: Buffer | null;
  readonly repeated: boolean;
  readonly trace: KeptTrace | null;
}

export interface Released {
  readonly more: boolean;
  readonly lost: number;
  /** When there may be room for what is due and has none, in milliseconds; Infinity if nothing waits for that. */
  readonly roomInMs: number;
  /** Nothing in the timetable is due sooner, in milliseconds; 0 where that is not known. */
  readonly dueInMs: number;
}

/** Payloads up to this are loaded with what is claimed. */
const smallBytes = 16 * 1024;

const nothing: Released = { more: false, lost: 0, roomInMs: Infinity, dueInMs: 0 };

type Sendable = Claimed & { readonly timestamp: string; readonly payload: Buffer };

@Injectable()
export class ReleaseDueRepository {
  readonly #allowances = new ByteAllowances();

  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly lanes: LanesRepository,
    private readonly config: LedgerConfig,
  ) {}

  /**
   * Takes what is due, in turns between the destinations, hands it to `publish`, and marks it as being sent only after
   * that: a crash in between sends it again. Several ledger processes take different lanes.
   *
   * No delivery is forgotten: whoever gives one a `due_at` writes to its lane in the same transaction, and a lane that
   * is being looked at is locked. So either that transaction has ended before the lane was taken, and the look, which
   * is a later statement, sees what it wrote; or it waits for the end of this one, and wakes the lane as this one left
   * it, or makes it anew. The look itself passes over nobody's locks, else it could give up a lane for a delivery whose
   * writer rolls back.
   * @returns whether more may go at once, else when, and how many were given up because their payload is lost.
   */
  async release(publish: (requests: DeliveryRequested[]) => Promise<void>): Promise<Released> {
    const dueInMs = await this.database.run((db) => this.lanes.nextInMs(db));
    if (dueInMs > 0) return { ...nothing, dueInMs };
    return this.database.transaction(async (db) => {
      const { ids, more } = await this.lanes.take(db);
      if (ids.length === 0) return nothing;
      const lanes = await this.lanes.look(db, ids);
      const due = await claim(
        db,
        lanes.flatMap((lane) => lane.due),
      );
      const { claimed: admitted, waitsMs } = admitBytes(lanes, due, this.#allowances);
      const claimed = await loadPayloads(db, admitted);
      const requests = lanes.flatMap((lane) => requestsOf(lane, claimed));
      failpoint('ledger.claimed-due');
      if (requests.length > 0) await publish(requests);
      failpoint('ledger.published-due');
      const { lost, looks } = await this.#settle(db, lanes, { claimed, waitsMs });
      const goesOn = lanes.some((lane) => lane.due.length < lane.room && lane.next?.is_due);
      return { lost, more: more || goesOn, roomInMs: soonest(looks), dueInMs: 0 };
    });
  }

  async #settle(
    db: Kysely<LedgerTables>,
    lanes: readonly Lane[],
    { claimed, waitsMs }: Admitted<Claimed>,
  ): Promise<{ lost: number; looks: readonly (NextLook | undefined)[] }> {
    const lost = await markTaken(
      db,
      lanes.flatMap(({ due }) => due.filter(({ id }) => claimed.has(id))),
      [...claimed.values()].filter(isSendable),
    );
    const looks = lanes.map((lane) => {
      const sent = lane.due.filter(({ id }) => isSendable(claimed.get(id))).length;
      const { open, ratePerSecond, room, stuckForMs, due, next } = lane;
      const next_ = { nextDueAt: next?.due_at, isNextDue: next?.is_due ?? false };
      const look = { open, ratePerSecond, room, stuckForMs, taken: due.length, sent, ...next_ };
      const waitMs = waitsMs.get(lane.destinationId) ?? 0;
      const afterwards = nextLook(look, this.config.CIRCUIT_PROBE_INTERVAL);
      return [lane.destinationId, noSooner(afterwards, waitMs)] as const;
    });
    await this.lanes.settle(db, new Map(looks));
    return { lost, looks: looks.map(([, look]) => look) };
  }
}

/** What waits for room among the bytes of its tenant is due, and nothing is gained by a look before. */
function noSooner(look: NextLook | undefined, waitMs: number): NextLook | undefined {
  return look && waitMs > look.afterMs ? { ...look, afterMs: waitMs } : look;
}

function soonest(looks: readonly (NextLook | undefined)[]): number {
  return Math.min(...looks.map((look) => look?.afterMs || Infinity));
}

const isSendable = (claimed: Claimed | undefined): claimed is Sendable =>
  claimed !== undefined && claimed.payload !== null;

/**
 * Locks those that nobody else has in hand and that are still due, and loads their payloads. The same id may have been
 * accepted several times in one millisecond: the acceptance that was routed is the one whose payload goes.
 *
 * They are named by lists, by which Postgres goes to the rows and knows the partitions before it begins, and not by a
 * join: where many wait it takes few of them to be found, and would compare each with each.
 */
async function claim(db: Kysely<LedgerTables>, due: readonly Waiting[]): Promise<Map<string, Claimed>> {
  if (due.length === 0) return new Map();
  const days = sql`${[...new Set(due.map((delivery) => delivery.created_at.toISOString()))]}::timestamptz[]`;
  const attemptsOf = new Map(due.map(({ id, attempt_count }) => [id, attempt_count]));
  const { rows } = await sql<Claimed>`
    select delivery.id, delivery.tenant_id, delivery.event_id, delivery.created_at as accepted_at, delivery.attempt_count, delivery.repeated, delivery.trace, event."timestamp", event.content_type,
      event.cloud_event, event.hops, event.acceptance_id, octet_length(event.payload) as payload_bytes,
      case when octet_length(event.payload) <= ${smallBytes} then event.payload end as payload
    from deliveries as delivery
    left join lateral (
      select events."timestamp", events.content_type, events.cloud_event, events.hops, events.acceptance_id, payloads.payload
      from events
      join payloads on payloads.tenant_id = events.tenant_id and payloads.event_id = events.event_id
        and payloads.accepted_at = events.accepted_at and payloads.accepted_at = any(${days})
        and payloads.acceptance_id = events.acceptance_id
      where events.tenant_id = delivery.tenant_id and events.event_id = delivery.event_id
        and events.accepted_at = delivery.created_at and events.accepted_at = any(${days})
        and routing <> 'repeated'
      order by routing = 'routed' desc limit 1
    ) as event on true
    where delivery.id = any(${[...attemptsOf.keys()]}::text[]) and delivery.created_at = any(${days})
      and delivery.due_at is not null and delivery.status in ('pending', 'retrying')
    for update of delivery skip locked`.execute(db);
  // One that was tried since it was looked at is due at another time than it seemed.
  const asSeen = rows.filter(({ id, attempt_count }) => attemptsOf.get(id) === attempt_count);
  return new Map(asSeen.map((row) => [row.id, row]));
}

/**
 * What could not be sent, as its event is not recorded yet, is looked at again later, and lets others go before it. After
 * a day it is given up: the broker has lost the event before it was recorded, and nobody else has the payload.
 * @returns how many are given up.
 */
async function markTaken(
  db: Kysely<LedgerTables>,
  claimed: readonly Waiting[],
  sent: readonly Claimed[],
): Promise<number> {
  if (claimed.length === 0) return 0;
  const sentIds = sql`${sent.map(({ id }) => id)}::text[]`;
  const { rows } = await sql<{ status: DeliveryStatus }>`
    update deliveries set
      due_at = case when not (id = any(${sentIds}) or ${isHopeless}) then now() + interval '1 second' end,
      status = case when not id = any(${sentIds}) and ${isHopeless} then 'failed' else status end,
      updated_at = now()
    where id = any(${claimed.map(({ id }) => id)}::text[])
      and created_at = any(${claimed.map((delivery) => delivery.created_at)}::timestamptz[])
    returning status`.execute(db);
  return rows.filter(({ status }) => status === 'failed').length;
}

const isHopeless = sql`created_at < now() - interval '1 day'`;

function requestsOf(lane: Lane, claimed: ReadonlyMap<string, Claimed>): DeliveryRequested[] {
  return lane.due.flatMap((delivery) => {
    const found = claimed.get(delivery.id);
    if (!isSendable(found)) return [];
    const request = create(DeliveryRequested, {
      deliveryId: delivery.id,
      tenantId: delivery.tenant_id,
      eventId: delivery.event_id,
      eventType: delivery.event_type,
      timestamp: found.timestamp,
      acceptedAt: delivery.created_at.toISOString(),
      destinationId: delivery.destination_id,
      destinationVersion: lane.version ?? 1,
      attempt: delivery.attempt_count + 1,
      ...(lane.open && { probe: true }),
      ...(found.repeated && { repeated: true }),
      ...(found.content_type !== null && { contentType: found.content_type }),
      ...(found.cloud_event !== null && { cloudEvent: found.cloud_event }),
      ...(found.hops !== null && { hops: found.hops }),
      body: found.payload,
    });
    return resumed(request, found.trace);
  });
}
