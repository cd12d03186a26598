import { type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import type { NextLook } from './next-look.js';

const lanesPerPass = 128;
const batchSize = 256;

/** A delivery that is first in its lane, or one of the first. */
export interface Waiting {
  readonly id: string;
  readonly created_at: Date;
  readonly tenant_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly destination_id: string;
  readonly attempt_count: number;
  readonly due_at: Date;
  readonly is_due: boolean;
}

export interface Lane {
  readonly destinationId: string;
  /** The destination's version as the ledger knows it. */
  readonly version: number | null;
  readonly open: boolean;
  readonly ratePerSecond: number | null;
  /** How many may go now, by the destination's limits and what is on its way; 1 where the circuit is open. */
  readonly room: number;
  /** For how long nothing has gone to it of what is on its way; Infinity if nothing is. */
  readonly stuckForMs: number;
  /** Due, oldest first, no more than `room` and this lane's part of the batch. */
  readonly due: Waiting[];
  /** The first one behind these. */
  readonly next: Waiting | undefined;
}

/** The lanes as whoever releases sees them: taken, looked into, and set to their next look. */
@Injectable()
export class LanesRepository {
  /**
   * One statement, and no transaction: this is asked again and again while there is nothing to do.
   * @returns how soon a lane is due, in milliseconds, 0 or less if one is; Infinity if there is none.
   */
  async nextInMs(db: Kysely<LedgerTables>): Promise<number> {
    const { rows } = await sql<{ next_in_ms: number }>`
      select extract(epoch from due_at - now())::double precision * 1000 as next_in_ms
      from lanes order by due_at limit 1`.execute(db);
    return rows[0]?.next_in_ms ?? Infinity;
  }

  /** Those that have waited longest for a look and that nobody else is looking at. Nobody else does until the end of the transaction. */
  async take(db: Kysely<LedgerTables>): Promise<{ ids: string[]; more: boolean }> {
    const { rows } = await sql<{ destination_id: string }>`
      select destination_id from lanes where due_at <= now()
      order by due_at limit ${lanesPerPass} for update skip locked`.execute(db);
    return { ids: rows.map((row) => row.destination_id), more: rows.length === lanesPerPass };
  }

  /**
   * The batch is divided evenly between the lanes, so that one with much to do takes nothing from the others.
   *
   * What is on its way is asked for in a way that only the index by destination answers. By its statistics Postgres
   * takes deliveries on their way to be few, and would read all of them for each lane, by the sweeper's index.
   */
  async look(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<Lane[]> {
    const share = Math.ceil(batchSize / ids.length);
    const { rows } = await sql<LaneRow & Waiting>`
      select lane.*, waiting.* from (
        select taken.destination_id as lane_id, version, rate_per_second, coalesce(open, false) as open,
          case when open then 1 else greatest(0, least(
            coalesce(max_concurrency, ${batchSize}) - on_way.count, ceil(rate_per_second)))::integer end as room,
          extract(epoch from now() - on_way.latest_at)::double precision * 1000 as stuck_for_ms
        from unnest(${ids}::text[]) as taken (destination_id)
        left join (select destination_id, version, max_concurrency, rate_per_second from destinations)
          as destinations using (destination_id)
        left join (select destination_id, open from circuits) as circuits using (destination_id)
        cross join lateral (
          select count(*)::integer, max(updated_at) as latest_at from (
            select updated_at from deliveries
            where destination_id = taken.destination_id and due_at is null
              and status in ('pending', 'retrying', 'held') and status <> 'held'
            limit coalesce(max_concurrency, 0)
          ) as one
        ) as on_way
      ) as lane
      left join lateral (
        select id, created_at, tenant_id, event_id, event_type, destination_id, attempt_count, due_at,
          due_at <= now() as is_due
        from deliveries
        where destination_id = lane_id and due_at is not null and status in ('pending', 'retrying')
        order by due_at limit least(lane.room, ${share}::integer) + 1
      ) as waiting on true
      order by lane_id, due_at`.execute(db);
    const lanes = Map.groupBy(rows, (row) => row.lane_id);
    return [...lanes.values()].flatMap(([first, ...rest]) =>
      first ? [laneOf([first, ...rest], share)] : [],
    );
  }

  /** By the database's clock as it is now, and not at the beginning of the transaction: sending takes time. */
  async settle(db: Kysely<LedgerTables>, looks: ReadonlyMap<string, NextLook | undefined>): Promise<void> {
    const kept = [...looks].flatMap(([id, look]) => (look ? [{ id, ...look }] : []));
    const done = [...looks].flatMap(([id, look]) => (look ? [] : [id]));
    if (done.length > 0) await sql`delete from lanes where destination_id = any(${done}::text[])`.execute(db);
    if (kept.length === 0) return;
    await sql`
      update lanes set
        due_at = greatest(given.at, clock_timestamp() + after_ms * interval '1 millisecond'),
        not_before = case when paused then clock_timestamp() + after_ms * interval '1 millisecond' end
      from unnest(
        ${kept.map(({ id }) => id)}::text[],
        ${kept.map(({ at }) => at ?? null)}::timestamptz[],
        ${kept.map(({ afterMs }) => afterMs)}::double precision[],
        ${kept.map(({ paused }) => paused ?? false)}::boolean[]
      ) as given (destination_id, at, after_ms, paused)
      where lanes.destination_id = given.destination_id`.execute(db);
  }
}

interface LaneRow {
  readonly lane_id: string;
  readonly version: number | null;
  readonly rate_per_second: number | null;
  readonly open: boolean;
  readonly room: number;
  readonly stuck_for_ms: number | null;
}

/** @param found one row for each delivery; of a lane without one a row that has null for it. */
function laneOf(found: readonly [LaneRow & Waiting, ...(LaneRow & Waiting)[]], share: number): Lane {
  const [{ lane_id, version, open, rate_per_second, room, stuck_for_ms }] = found;
  const waiting = found.filter((row) => (row.id as string | null) !== null);
  const due = waiting.filter((row) => row.is_due).slice(0, Math.min(room, share));
  return {
    destinationId: lane_id,
    version,
    open,
    ratePerSecond: rate_per_second,
    room,
    stuckForMs: stuck_for_ms ?? Infinity,
    due,
    next: waiting[due.length],
  };
}
