import type { EventAccepted } from '#libs/contracts';
import {
  addPartitions,
  Database,
  type Day,
  dropPartition,
  giveWay,
  type Kysely,
  sql,
} from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { RouterTables } from '../router.tables.js';

export interface Claim {
  /** To be routed: not seen before, or seen in the very same acceptance, whose routing a crash may have cut short. */
  readonly counting: EventAccepted[];
  /** Accepted again after another acceptance of theirs that counts: not to be routed. */
  readonly repeated: EventAccepted[];
}

const inbox = { name: 'inbox', column: 'day' };

/** Remembers for seven days which acceptance of an event is the one that counts: the first that was claimed. */
@Injectable()
export class InboxRepository {
  constructor(private readonly database: Database<RouterTables>) {}

  async claim(events: readonly EventAccepted[]): Promise<Claim> {
    const { rows } = await this.database.run((db) =>
      sql<{ acceptance_id: string }>`
        select claim_events(
          ${events.map((event) => event.tenantId)}::text[],
          ${events.map((event) => event.eventId)}::text[],
          ${events.map((event) => event.acceptanceId)}::text[]
        ) as acceptance_id`.execute(db),
    );
    const counting = new Set(rows.map((row) => row.acceptance_id));
    return {
      counting: events.filter((event) => counting.has(event.acceptanceId)),
      repeated: events.filter((event) => !counting.has(event.acceptanceId)),
    };
  }

  /**
   * Begins a new day if it is time, by Postgres' clock, and forgets the days that were closed seven days ago or more.
   * No claim runs meanwhile.
   * @throws DatabaseUnavailableError also when it gave way to other work: it is to be done again soon.
   */
  rotate(): Promise<{ begun: Day[]; forgotten: Day[] }> {
    return this.database.transaction(async (db) => {
      await giveWay(db);
      await sql`select pg_advisory_xact_lock(hashtext(current_schema() || ' inbox'))`.execute(db);
      const begun = await begin(db);
      if (begun.length > 0) await addPartitions(db, inbox, begun);
      const forgotten = await forget(db);
      for (const day of forgotten) await dropPartition(db, inbox, day);
      return { begun, forgotten };
    });
  }
}

/** A clock that was set back does not bring a day back. */
async function begin(db: Kysely<RouterTables>): Promise<Day[]> {
  const { rows: closed } = await sql`
    update inbox_days set closed_at = now()
    where closed_at is null and day < (now() at time zone 'UTC')::date
    returning day`.execute(db);
  if (closed.length === 0) return [];
  const { rows } = await sql<{ day: Day }>`
    insert into inbox_days (day) values ((now() at time zone 'UTC')::date)
    returning to_char(day, 'YYYY-MM-DD') as day`.execute(db);
  return rows.map(({ day }) => day);
}

async function forget(db: Kysely<RouterTables>): Promise<Day[]> {
  const { rows } = await sql<{ day: Day }>`
    delete from inbox_days where closed_at <= now() - interval '7 days'
    returning to_char(day, 'YYYY-MM-DD') as day`.execute(db);
  return rows.map(({ day }) => day);
}
