import type { QueryExecutorProvider } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './database.js';
import { type Day, expiredDays, missingDays } from './days.js';
import {
  addPartitions,
  type DailyTable,
  daysWithoutPartition,
  dropPartition,
  lockPartitions,
  partitionDays,
} from './partitions.js';

const daysAhead = 3;
const maxOverflowDays = 10;

export interface DayPartitionsOptions {
  /** Of a day that has expired in several of them, the first is dropped first. */
  readonly tables: readonly (DailyTable & { readonly retentionMs: number })[];
  /**
   * Whether something of that day is still needed. Runs in the transaction that drops, and has to lock what must not
   * change between its answer and the dropping.
   */
  readonly isNeeded: (db: QueryExecutorProvider, day: Day) => Promise<boolean>;
  readonly log: {
    info(name: string, fields: Readonly<Record<string, unknown>>): void;
    warn(name: string, fields: Readonly<Record<string, unknown>>): void;
  };
}

/**
 * Tables with a partition for each day: made ahead, dropped whole when they expire, by Postgres' clock. No row is ever
 * deleted for its age. Several processes may do it at once.
 */
export class DayPartitions<Tables> {
  constructor(
    private readonly database: Database<Tables>,
    private readonly options: DayPartitionsOptions,
  ) {}

  /**
   * What cannot be done now does not keep the rest from being done.
   * @throws what kept something from being done: usually DatabaseUnavailableError, also when it gave way to other work.
   */
  async keep(): Promise<void> {
    const now = await this.#now();
    const troubles: unknown[] = [];
    const trouble = (error: unknown): void => void troubles.push(error);
    for (const table of this.options.tables) {
      await this.#create(table, now.toISOString().slice(0, 10)).catch(trouble);
    }
    const needed = new Set<Day>();
    for (const table of this.options.tables) await this.#expire(table, now.getTime(), needed).catch(trouble);
    for (const day of needed) this.options.log.warn('partition.kept', { day, reason: 'unfinished work' });
    if (troubles.length > 0) throw troubles[0];
  }

  async #create(table: DailyTable, today: Day): Promise<void> {
    const due = await this.database.run((db) => missing(db, table, today));
    if (due.length === 0) return;
    const created = await this.database.transaction(async (db) => {
      await lockPartitions(db);
      const days = await missing(db, table, today);
      if (days.length > 0) await addPartitions(db, table, days);
      return days;
    });
    if (created.length > 0) this.options.log.info('partitions.created', { table: table.name, days: created });
  }

  /** A day that is needed stays in all tables. */
  async #expire(
    table: DailyTable & { readonly retentionMs: number },
    nowMs: number,
    needed: Set<Day>,
  ): Promise<void> {
    const existing = await this.database.run((db) => partitionDays(db, table));
    for (const day of expiredDays(existing, nowMs, table.retentionMs)) {
      if (needed.has(day)) continue;
      const outcome = await this.#drop(table, day);
      if (outcome === 'needed') needed.add(day);
      if (outcome === 'dropped') this.options.log.info('partition.dropped', { table: table.name, day });
    }
  }

  #drop(table: DailyTable, day: Day): Promise<'dropped' | 'gone' | 'needed'> {
    return this.database.transaction(async (db) => {
      await lockPartitions(db);
      if (!(await partitionDays(db, table)).includes(day)) return 'gone';
      if (await this.options.isNeeded(db, day)) return 'needed';
      await dropPartition(db, table, day);
      return 'dropped';
    });
  }

  async #now(): Promise<Date> {
    const { rows } = await this.database.run((db) => sql<{ now: Date }>`select now()`.execute(db));
    return rows[0]?.now ?? new Date();
  }
}

async function missing(db: QueryExecutorProvider, table: DailyTable, today: Day): Promise<Day[]> {
  const existing = await partitionDays(db, table);
  const overflow = await daysWithoutPartition(db, table, maxOverflowDays);
  return [...new Set([...missingDays(existing, today, daysAhead), ...overflow])];
}
