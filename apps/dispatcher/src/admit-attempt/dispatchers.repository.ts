import { Database, type RawBuilder, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { DispatcherTables } from '../dispatcher.tables.js';

/** How long a dispatcher that says nothing is taken to be alive. */
export const leaseMs = 3500;
const forgottenAfterMs = 60_000;

/** A dispatcher process that is alive, and the processes whose shares it leaves to them. */
export interface Dispatcher {
  readonly processId: string;
  readonly goesBy: readonly string[];
}

const alive = sql<Dispatcher>`
  select process_id as "processId", goes_by as "goesBy" from dispatchers
  where seen_at > clock_timestamp() - ${leaseMs} * interval '1 millisecond'`;

/** Which dispatchers are alive, by Postgres' clock. */
@Injectable()
export class DispatchersRepository {
  constructor(private readonly database: Database<DispatcherTables>) {}

  /**
   * Says that this one is alive and whom it goes by, and only then looks who else is: of two that do so at once, at
   * least one sees what the other has said.
   * @returns all that are alive, this one among them.
   */
  announce(self: Dispatcher): Promise<Dispatcher[]> {
    return this.database.run(async (db) => {
      await sql`with forgotten as (${forget(self)}) ${write(self)}`.execute(db);
      return (await alive.execute(db)).rows;
    });
  }

  /**
   * The same in one statement, which sees what was there before it: for one by which all the others go. Whoever comes
   * at the same time is seen by the next one, and until then waits for it.
   * @returns all that were alive.
   */
  renew(self: Dispatcher): Promise<Dispatcher[]> {
    return this.database.run(async (db) => {
      const { rows } = await sql<Dispatcher>`with written as (${write(self)}) ${alive}`.execute(db);
      return rows;
    });
  }

  async leave(processId: string): Promise<void> {
    await this.database.run((db) => sql`delete from dispatchers where process_id = ${processId}`.execute(db));
  }
}

function write({ processId, goesBy }: Dispatcher): RawBuilder<unknown> {
  return sql`
    insert into dispatchers (process_id, seen_at, goes_by)
    values (${processId}, clock_timestamp(), ${goesBy}::text[])
    on conflict (process_id) do update set seen_at = clock_timestamp(), goes_by = excluded.goes_by`;
}

function forget({ processId }: Dispatcher): RawBuilder<unknown> {
  return sql`
    delete from dispatchers
    where process_id <> ${processId}
      and seen_at < clock_timestamp() - ${forgottenAfterMs} * interval '1 millisecond'`;
}
