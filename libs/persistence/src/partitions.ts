import { type QueryExecutorProvider, sql } from 'kysely';
import type { Day } from './days.js';
import { addDays } from './days.js';

/** A table partitioned by range on a column with a time or a day. Its partitions are `<name>_20260131`. */
export interface DailyTable {
  readonly name: string;
  readonly column: string;
}

/**
 * Takes what catches rows of days without a partition of their own. A row is then never refused for its date, and the
 * next upkeep moves it to a partition of its day.
 */
export async function createDefaultPartition(db: QueryExecutorProvider, { name }: DailyTable): Promise<void> {
  await sql`create table ${sql.table(defaultOf(name))} partition of ${sql.table(name)} default`.execute(db);
}

/** The days that have a partition. */
export async function partitionDays(
  db: QueryExecutorProvider,
  { name }: Pick<DailyTable, 'name'>,
): Promise<Day[]> {
  const { rows } = await sql<{ partition: string }>`
    select relname as partition from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = ${name}::regclass`.execute(db);
  return rows.flatMap(({ partition }) => {
    const digits = /^(\d{4})(\d\d)(\d\d)$/.exec(partition.slice(name.length + 1));
    return digits ? [digits.slice(1).join('-')] : [];
  });
}

/** The days of rows that the default partition holds, if there is one; not more than `limit`. */
export async function daysWithoutPartition(
  db: QueryExecutorProvider,
  table: DailyTable,
  limit: number,
): Promise<Day[]> {
  if (!(await hasDefault(db, table))) return [];
  const { rows } = await sql<{ day: Day }>`
    select distinct to_char(${sql.ref(table.column)} at time zone 'UTC', 'YYYY-MM-DD') as day
    from ${sql.table(defaultOf(table.name))} limit ${limit}`.execute(db);
  return rows.map(({ day }) => day);
}

/**
 * Adds partitions, each with the rows of its day that the default partition holds. To be run in a transaction: the
 * table is locked to its end, as a row that is on its way into the default partition would be refused.
 */
export async function addPartitions(
  db: QueryExecutorProvider,
  table: DailyTable,
  days: readonly Day[],
): Promise<void> {
  const parent = sql.table(table.name);
  await sql`lock table only ${parent} in access exclusive mode`.execute(db);
  const overflow = (await hasDefault(db, table)) ? sql.table(defaultOf(table.name)) : undefined;
  for (const day of days) {
    const partition = sql.table(partitionOf(table.name, day));
    const from = sql.lit(`${day}T00:00:00Z`);
    const to = sql.lit(`${addDays(day, 1)}T00:00:00Z`);
    await sql`create table ${partition} (like ${parent} including all)`.execute(db);
    if (overflow) {
      await sql`
        with moved as (
          delete from ${overflow}
          where ${sql.ref(table.column)} >= ${from} and ${sql.ref(table.column)} < ${to} returning *
        )
        insert into ${partition} select * from moved`.execute(db);
    }
    await sql`alter table ${parent} attach partition ${partition} for values from (${from}) to (${to})`.execute(
      db,
    );
  }
}

export async function dropPartition(db: QueryExecutorProvider, table: DailyTable, day: Day): Promise<void> {
  await sql`drop table ${sql.table(partitionOf(table.name, day))}`.execute(db);
}

/** For a transaction that changes partitions: one at a time in a schema, whichever process runs it. */
export async function lockPartitions(db: QueryExecutorProvider): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || ' partitions'))`.execute(db);
  await giveWay(db);
}

/**
 * For a transaction that needs for itself what everybody uses: it waits half a second for it at most, sooner than
 * Postgres would look for a deadlock, as everybody else queues up behind it; and a process that froze cannot leave it
 * open.
 */
export async function giveWay(db: QueryExecutorProvider): Promise<void> {
  await sql`
    select set_config('lock_timeout', '500ms', true),
      set_config('idle_in_transaction_session_timeout', '10s', true)`.execute(db);
}

async function hasDefault(db: QueryExecutorProvider, { name }: DailyTable): Promise<boolean> {
  const { rows } = await sql`select 1 where to_regclass(${defaultOf(name)}) is not null`.execute(db);
  return rows.length > 0;
}

function defaultOf(table: string): string {
  return `${table}_default`;
}

function partitionOf(table: string, day: Day): string {
  return `${table}_${day.replaceAll('-', '')}`;
}
