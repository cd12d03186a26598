import { type Kysely, sql } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';

/** A destination's lane is to be looked at earlier than it would be, or later. */
export interface Wake {
  readonly destinationId: string;
  /** When something will be due, by the database's clock; undefined for now. */
  readonly dueAt?: Date | undefined;
  /** Nothing goes for so long, unless the lane is paused already: a pause is never drawn out. */
  readonly pauseMs?: number | undefined;
  /** Whatever pause there was is over. */
  readonly anew?: boolean;
}

const latelyMs = 1000;
let wokenAtMs = -Infinity;
let waking = new AbortController();

/** Whether this process has given something a time within the last second: since then it has been committed, or soon is. */
export function hasWokenLanes(): boolean {
  return performance.now() - wokenAtMs < latelyMs;
}

/** Aborted when this process next gives something a time; for one that waits. */
export function untilLanesWake(): AbortSignal {
  waking = new AbortController();
  return waking.signal;
}

/**
 * To be called last in the transaction that gives deliveries a `due_at`: it waits for whoever is looking at one of
 * these lanes. Then it comes either before that look, which sees what is written here, or after it, and has the lane
 * looked at again (see `ReleaseDueRepository`). In one order, so that two that wake the same lanes do not wait for one
 * another in a circle.
 */
export async function wakeLanes(db: Kysely<LedgerTables>, wakes: readonly Wake[]): Promise<void> {
  if (wakes.length === 0) return;
  wokenAtMs = performance.now();
  waking.abort();
  const given = oneOfEach(wakes);
  const anew = given.filter((wake) => wake.anew).map(({ destinationId }) => destinationId);
  const isAnew = sql`excluded.destination_id = any(${anew}::text[])`;
  const notBefore = sql`coalesce(case when ${isAnew} then null else lanes.not_before end, excluded.not_before)`;
  await sql`
    insert into lanes (destination_id, due_at, not_before)
    select destination_id, greatest(coalesce(due_at, now()), not_before), not_before from (
      select destination_id, due_at, now() + pause_ms * interval '1 millisecond' as not_before
      from unnest(
        ${given.map(({ destinationId }) => destinationId)}::text[],
        ${given.map(({ dueAt }) => dueAt ?? null)}::timestamptz[],
        ${given.map(({ pauseMs }) => pauseMs ?? null)}::double precision[]
      ) as given (destination_id, due_at, pause_ms)
    ) as given
    order by destination_id
    on conflict (destination_id) do update set
      not_before = ${notBefore},
      due_at = greatest(least(lanes.due_at, excluded.due_at), ${notBefore})
    where lanes.due_at > excluded.due_at or excluded.not_before is not null or ${isAnew}`.execute(db);
}

/** One row cannot be written twice by one statement. */
function oneOfEach(wakes: readonly Wake[]): Wake[] {
  const merged = new Map<string, Wake>();
  for (const wake of wakes) {
    const known = merged.get(wake.destinationId);
    merged.set(wake.destinationId, known ? mergeOf(known, wake) : wake);
  }
  return [...merged.values()];
}

function mergeOf(one: Wake, other: Wake): Wake {
  const now = one.dueAt === undefined || other.dueAt === undefined;
  return {
    destinationId: one.destinationId,
    dueAt: now ? undefined : new Date(Math.min(Number(one.dueAt), Number(other.dueAt))),
    pauseMs: Math.max(one.pauseMs ?? 0, other.pauseMs ?? 0) || undefined,
    anew: one.anew === true || other.anew === true,
  };
}
