import type { CircuitStats, DestinationStats, WaitingStats } from '#libs/contracts';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { shownStatus } from '../history/shown-status.js';
import type { LedgerTables } from '../ledger.tables.js';
import { type Counted, summarise, windows } from './summarise.js';

/** Of what waits, no more are looked at: a destination may have a million, and each is a row to be read. */
const maxCounted = 1000;

type Row = Counted & { readonly last_delivered_at: Date | null; readonly last_failed_at: Date | null };

@Injectable()
export class StatsRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  async of(tenantId: string, destinationId: string): Promise<DestinationStats> {
    const { now, counted, waiting, circuit } = await this.database.ofTenant(tenantId).run(async (db) => ({
      ...(await countedOf(db, destinationId)),
      waiting: await waitingOf(db, tenantId, destinationId),
      circuit: await circuitOf(db, destinationId),
    }));
    const nowMs = now.getTime();
    return {
      destinationId,
      lastHour: summarise(counted, windows.lastHour, nowMs),
      lastDay: summarise(counted, windows.lastDay, nowMs),
      lastWeek: summarise(counted, windows.lastWeek, nowMs),
      waiting,
      lastDeliveredAt: latest(counted.map((row) => row.last_delivered_at)),
      lastFailedAt: latest(counted.map((row) => row.last_failed_at)),
      circuit,
    };
  }

  /** What no window reaches any more. */
  async forgetOld(): Promise<void> {
    await this.database.run((db) =>
      sql`
        delete from tallies
        where at < now() - interval '8 days' or (span = 'minutes' and at < now() - interval '2 hours')`.execute(
        db,
      ),
    );
  }
}

/** Some two hundred rows at most, by the primary key. */
async function countedOf(
  db: Kysely<LedgerTables>,
  destinationId: string,
): Promise<{ now: Date; counted: Row[] }> {
  const { rows } = await sql<Row & { now: Date; destination_id: string | null }>`
    select clock_timestamp() as now, tallies.* from (select) as once
    left join tallies on tallies.destination_id = ${destinationId} and (
      tallies.span = 'hour' and tallies.at >= now() - interval '7 days 1 hour'
      or tallies.span = 'minutes' and tallies.at >= now() - interval '65 minutes'
    )`.execute(db);
  return { now: rows[0]?.now ?? new Date(), counted: rows.filter((row) => row.destination_id !== null) };
}

async function waitingOf(
  db: Kysely<LedgerTables>,
  tenantId: string,
  destinationId: string,
): Promise<WaitingStats> {
  const { rows } = await sql<{
    status: 'pending' | 'retrying' | 'held';
    count: number;
    oldest: Date | null;
  }>`
    select ${shownStatus} as status, count(*)::integer as count, min(due_at) as oldest
    from (
      select destination_id, status, due_at from deliveries
      where tenant_id = ${tenantId} and destination_id = ${destinationId}
        and status in ('pending', 'retrying', 'held')
      order by due_at
      limit ${maxCounted + 1}
    ) as deliveries
    group by 1`.execute(db);
  const counts = { pending: 0, retrying: 0, held: 0 };
  for (const { status, count } of rows) counts[status] = count;
  const total = counts.pending + counts.retrying + counts.held;
  return {
    ...counts,
    hasMore: total > maxCounted,
    oldestDueAt: earliest(rows.map(({ oldest }) => oldest)),
  };
}

async function circuitOf(db: Kysely<LedgerTables>, destinationId: string): Promise<CircuitStats> {
  const row = await db
    .selectFrom('circuits')
    .selectAll()
    .where('destination_id', '=', destinationId)
    .executeTakeFirst();
  return { open: row?.open ?? false, unanswered: row?.failures ?? 0 };
}

function latest(times: readonly (Date | null)[]): string | null {
  return extreme(times, Math.max);
}

function earliest(times: readonly (Date | null)[]): string | null {
  return extreme(times, Math.min);
}

function extreme(times: readonly (Date | null)[], choose: (...ms: number[]) => number): string | null {
  const known = times.filter((time) => time !== null).map((time) => time.getTime());
  return known.length === 0 ? null : new Date(choose(...known)).toISOString();
}
