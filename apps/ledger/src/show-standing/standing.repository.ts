import { Database, type Kysely, partitionDays, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';

/** What is counted is counted so far and no further: a look costs the same however much waits. */
export const mostCounted = 10_000;
/** Of destinations at a time: those whose turn is next. */
const mostLanes = 250;
const perLane = 1000;
/** A look that takes longer is given up: a busy database has better things to do. */
const deadlineMs = 2500;

export interface Standing {
  readonly due: number;
  readonly oldestDueS: number;
  readonly timetableLateS: number;
  readonly heldDisabled: number;
  readonly heldByCircuit: number;
  readonly onTheWay: number;
  readonly onTheWayOldestS: number;
  readonly unrouted: number;
  readonly unroutedOldestS: number;
  readonly parked: number;
  readonly circuitsOpen: number;
  readonly destinations: number;
  readonly replays: number;
  readonly replaysRemaining: number;
}

export interface TableSize {
  readonly table: string;
  readonly bytes: number;
  /** How many days from now on have a partition. */
  readonly daysAhead: number;
}

const dailyTables = ['events', 'payloads', 'deliveries', 'attempts'];

/** How the books stand as a whole, for those who watch: by small indexes, bounded, and never for the work itself. */
@Injectable()
export class StandingRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  read(): Promise<Standing> {
    return this.#look(async (db) => {
      const [waiting, rest] = [await waitingOf(db), await restOf(db)];
      return { ...waiting, ...rest };
    });
  }

  sizes(): Promise<TableSize[]> {
    return this.#look(async (db) => {
      const sizes: TableSize[] = [];
      for (const table of dailyTables) {
        const { rows } = await sql<{ bytes: string; today: string }>`
          select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::text as bytes,
            to_char(now() at time zone 'UTC', 'YYYY-MM-DD') as today
          from pg_inherits where inhparent = ${table}::regclass`.execute(db);
        const days = await partitionDays(db, { name: table });
        const { bytes = '0', today = '' } = rows[0] ?? {};
        sizes.push({ table, bytes: Number(bytes), daysAhead: days.filter((day) => day > today).length });
      }
      return sizes;
    });
  }

  #look<Result>(work: (db: Kysely<LedgerTables>) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (db) => {
      await sql`select set_config('statement_timeout', ${String(deadlineMs)}, true)`.execute(db);
      return work(db);
    });
  }
}

type Waiting = Pick<Standing, 'due' | 'oldestDueS' | 'timetableLateS' | 'heldByCircuit'>;

/** The lanes lead to what is due: those that are to be looked at first. */
async function waitingOf(db: Kysely<LedgerTables>): Promise<Waiting> {
  const { rows } = await sql<Waiting>`
    with first as materialized (
      select destination_id, due_at from lanes order by due_at limit ${mostLanes}
    ),
    lane as materialized (
      select first.destination_id, coalesce(open, false) as open
      from first left join circuits using (destination_id)
    ),
    waiting as materialized (
      select open, due_at from lane cross join lateral (
        select due_at from deliveries
        where destination_id = lane.destination_id and due_at <= now() and status in ('pending', 'retrying')
        order by due_at limit ${perLane}
      ) as delivery limit ${mostCounted}
    )
    select
      (select count(*) from waiting where not open)::integer as "due",
      (select count(*) from waiting where open)::integer as "heldByCircuit",
      ${secondsSince(sql`(select min(due_at) from waiting where not open)`)} as "oldestDueS",
      ${secondsSince(sql`(select min(due_at) from first)`)} as "timetableLateS"`.execute(db);
  return onlyOf(rows);
}

async function restOf(db: Kysely<LedgerTables>): Promise<Omit<Standing, keyof Waiting>> {
  const unreported = sql`from deliveries where due_at is null and status in ('pending', 'retrying')`;
  const unrouted = sql`from events where routing = 'accepted' and recorded_at is not null`;
  const replays = sql`(select * from replays where finished_at is null limit ${mostCounted}) as unfinished`;
  const { rows } = await sql<Omit<Standing, keyof Waiting>>`
    select
      (select count(*) from ${replays})::integer as "replays",
      (
        select coalesce(sum(greatest(0, matched - done - skipped)), 0) from ${replays} where not dry_run
      )::double precision as "replaysRemaining",
      (select count(*) from (
        select from (
          select destination_id from destinations where not enabled and not deleted limit ${mostLanes}
        ) as disabled
        cross join lateral (
          select from deliveries
          where destination_id = disabled.destination_id and status = 'held' limit ${mostCounted}
        ) as delivery
        limit ${mostCounted}
      ) as held)::integer as "heldDisabled",
      (select count(*) from (select ${unreported} limit ${mostCounted}) as sent)::integer as "onTheWay",
      ${secondsSince(sql`(select updated_at ${unreported} order by updated_at limit 1)`)} as "onTheWayOldestS",
      (select count(*) from (select ${unrouted} limit ${mostCounted}) as silent)::integer as "unrouted",
      ${secondsSince(sql`(select recorded_at ${unrouted} order by recorded_at limit 1)`)} as "unroutedOldestS",
      (select count(*) from (select from parked limit ${mostCounted}) as kept)::integer as "parked",
      (select count(*) from circuits where open)::integer as "circuitsOpen",
      (select count(*) from destinations where not deleted)::integer as "destinations"`.execute(db);
  return onlyOf(rows);
}

function onlyOf<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('a select of figures gives one row');
  return row;
}

/** 0 for what is not there, or not yet. */
function secondsSince(time: ReturnType<typeof sql>) {
  return sql`greatest(0, coalesce(extract(epoch from now() - ${time}), 0))::double precision`;
}
