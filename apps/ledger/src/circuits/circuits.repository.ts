import { CircuitChanged, create, type DeliveryAttempted } from '#libs/contracts';
import { enqueue, type Kysely, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { Wake } from '../lanes/wake-lanes.js';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { judge } from './judge.js';

type CircuitRow = Row<LedgerTables['circuits']>;

/** Whether destinations answer at all. The ledger alone decides it; a change is announced through its outbox. */
@Injectable()
export class CircuitsRepository {
  constructor(private readonly config: LedgerConfig) {}

  /**
   * Takes in attempts that nobody has counted. Where all of them were answered and were before, that is one question
   * and nothing written.
   * @returns what follows for the lanes: one that opened is paused until its first probe, one that closed goes on.
   */
  async count(db: Kysely<LedgerTables>, attempts: readonly DeliveryAttempted[]): Promise<Wake[]> {
    if (attempts.length === 0) return [];
    const failing = idsOf(attempts.filter(({ result }) => result === 'unreachable'));
    if (failing.length > 0) await bringIn(db, failing);
    const before = await lock(db, idsOf(attempts), failing);
    const judged = before.map((row) => ({ row, now: { ...row, ...this.#judge(row, attempts) } }));
    const changed = judged.filter(({ row, now }) => now.failures !== row.failures || now.open !== row.open);
    await write(
      db,
      changed.map(({ now }) => now),
    );
    const turned = changed.filter(({ row, now }) => now.open !== row.open).map(({ now }) => now);
    await enqueue(db, turned.map(changeOf));
    return turned.map((row) => ({
      destinationId: row.destination_id,
      anew: true,
      ...(row.open && { pauseMs: this.config.CIRCUIT_PROBE_INTERVAL }),
    }));
  }

  #judge(row: CircuitRow, attempts: readonly DeliveryAttempted[]): ReturnType<typeof judge> {
    const results = attempts
      .filter((attempt) => attempt.destinationId === row.destination_id)
      .filter((attempt) => attempt.destinationVersion >= row.renewed_version)
      .map(({ result }) => result);
    return judge(row, results, this.config.CIRCUIT_FAILURES);
  }
}

/**
 * Destinations that were enabled, or have another URL: nothing is known of how they answer now.
 * @returns those whose circuit is open nevertheless, as they were not renewed since.
 */
export async function renewCircuits(
  db: Kysely<LedgerTables>,
  destinations: readonly Row<LedgerTables['destinations']>[],
): Promise<Set<string>> {
  const ids = destinations.map((row) => row.destination_id);
  const { rows } = await sql<CircuitRow & { readonly renewed_to: number }>`
    select circuits.*, given.renewed_version as renewed_to from circuits
    join unnest(${ids}::text[], ${destinations.map((row) => row.renewed_version)}::integer[])
      as given (destination_id, renewed_version) using (destination_id)
    order by destination_id for update of circuits`.execute(db);
  const renewed = rows.filter((row) => row.renewed_version < row.renewed_to);
  const closed = renewed.filter((row) => row.open).map((row) => ({ ...row, version: row.version + 1 }));
  const versions = new Map(closed.map((row) => [row.destination_id, row.version]));
  await write(
    db,
    renewed.map((row) => ({
      ...row,
      failures: 0,
      open: false,
      version: versions.get(row.destination_id) ?? row.version,
      renewed_version: row.renewed_to,
    })),
  );
  await enqueue(
    db,
    closed.map((row) => changeOf({ ...row, open: false })),
  );
  const open = rows.filter((row) => row.open && !versions.has(row.destination_id));
  return new Set(open.map((row) => row.destination_id));
}

export async function forgetCircuits(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<void> {
  await sql`delete from circuits where destination_id = any(${ids}::text[])`.execute(db);
}

async function bringIn(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<void> {
  await sql`
    insert into circuits (destination_id, failures, open, version, renewed_version)
    select destination_id, 0, false, 0, coalesce(renewed_version, 0)
    from unnest(${ids}::text[]) as given (destination_id) left join destinations using (destination_id)
    where deleted is not true
    order by destination_id
    on conflict do nothing`.execute(db);
}

/** Those that these attempts can change: by failing, or by an answer to what failed before. */
async function lock(
  db: Kysely<LedgerTables>,
  ids: readonly string[],
  failing: readonly string[],
): Promise<CircuitRow[]> {
  const { rows } = await sql<CircuitRow>`
    select * from circuits
    where destination_id = any(${ids}::text[])
      and (failures > 0 or destination_id = any(${failing}::text[]))
    order by destination_id for update`.execute(db);
  return rows;
}

async function write(db: Kysely<LedgerTables>, rows: readonly CircuitRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update circuits set failures = given.failures, open = given.open, version = given.version,
      renewed_version = given.renewed_version
    from unnest(
      ${rows.map((row) => row.destination_id)}::text[],
      ${rows.map((row) => row.failures)}::integer[],
      ${rows.map((row) => row.open)}::boolean[],
      ${rows.map((row) => row.version)}::integer[],
      ${rows.map((row) => row.renewed_version)}::integer[]
    ) as given (destination_id, failures, open, version, renewed_version)
    where circuits.destination_id = given.destination_id`.execute(db);
}

const idsOf = (attempts: readonly DeliveryAttempted[]): string[] => [
  ...new Set(attempts.map(({ destinationId }) => destinationId)),
];

function changeOf({ destination_id, version, open }: CircuitRow): CircuitChanged {
  return create(CircuitChanged, { destinationId: destination_id, version, open });
}
