import { Database, type QueryExecutorProvider, sql } from '#libs/persistence';
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

/** Which dispatchers are alive, by Postgres' clock. */
@Injectable()
export class DispatchersRepository {
  constructor(private readonly database: Database<DispatcherTables>) {}

  /**
   * Says that this one is alive and whom it goes by, and only then looks who else is: of two that do so at once, at
   * least one sees what the other has said.
   * @returns all that are alive, this one among them.
   */
  announce({ processId, goesBy }: Dispatcher): Promise<Dispatcher[]> {
    return this.database.run(async (db) => {
      await write(db, processId, goesBy);
      const { rows } = await sql<Dispatcher>`
        select process_id as "processId", goes_by as "goesBy" from dispatchers
        where seen_at > clock_timestamp() - ${leaseMs} * interval '1 millisecond'`.execute(db);
      return rows;
    });
  }

  async leave(processId: string): Promise<void> {
    await this.database.run((db) => sql`delete from dispatchers where process_id = ${processId}`.execute(db));
  }
}

async function write(db: QueryExecutorProvider, processId: string, goesBy: readonly string[]): Promise<void> {
  await sql`
    with forgotten as (
      delete from dispatchers
      where process_id <> ${processId}
        and seen_at < clock_timestamp() - ${forgottenAfterMs} * interval '1 millisecond'
    )
    insert into dispatchers (process_id, seen_at, goes_by)
    values (${processId}, clock_timestamp(), ${goesBy}::text[])
    on conflict (process_id) do update set seen_at = clock_timestamp(), goes_by = excluded.goes_by`.execute(
    db,
  );
}
