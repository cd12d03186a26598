import { failpoint } from '#libs/failpoints';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { wakeLanes } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';
import { SendAgainRepository } from '../send-again/send-again.repository.js';
import { nextSlice } from './selection.js';
import type { ReplayRow } from './replays.repository.js';

const batchSize = 200;
const countBatch = 2000;
/** Of one destination: as many as may wait in its lane before no more are added. */
const maxWaiting = 300;
const brakeMs = 200;
/** However slow its destinations, a replay adds a batch as often as this. */
const patienceMs = 5000;

/**
 * Takes replays on, a batch at a time. What a batch sends and how far the replay has come are written together, so that a
 * crash leaves neither half. The row's lock is the lease: whoever dies lets go of it, and other processes take other
 * replays meanwhile.
 */
@Injectable()
export class ReplayStepsRepository {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly again: SendAgainRepository,
  ) {}

  /** How soon a replay can go on, in ms; Infinity if there is none. */
  async nextInMs(): Promise<number> {
    const { rows } = await this.database.run((db) =>
      sql<{ next_in_ms: number | null }>`
        select extract(epoch from min(next_at) - now())::double precision * 1000 as next_in_ms
        from replays where finished_at is null`.execute(db),
    );
    return rows[0]?.next_in_ms ?? Infinity;
  }

  /** @returns whether there was something to do. */
  async step(): Promise<boolean> {
    return this.database.transaction(async (db) => {
      const { rows } = await sql<ReplayRow>`
        select * from replays where finished_at is null and next_at <= now()
        order by next_at limit 1 for update skip locked`.execute(db);
      const [replay] = rows;
      if (!replay) return false;
      if (replay.state === 'counting') await this.#count(db, replay);
      else await this.#send(db, replay);
      return true;
    });
  }

  async #count(db: Kysely<LedgerTables>, replay: ReplayRow): Promise<void> {
    const { found, position } = await nextSlice(db, replay, countBatch);
    const over = position === undefined;
    const isDry = replay.dry_run;
    await sql`
      update replays set
        matched = matched + ${found.length},
        position = ${position ?? ''},
        state = ${over ? (isDry ? 'completed' : 'running') : 'counting'},
        finished_at = case when ${over && isDry} then now() end,
        next_at = clock_timestamp(), progressed_at = now()
      where id = ${replay.id}`.execute(db);
  }

  async #send(db: Kysely<LedgerTables>, replay: ReplayRow): Promise<void> {
    const rate = replay.rate_per_second;
    const limit = rate === null ? batchSize : Math.max(1, Math.min(batchSize, Math.floor(rate)));
    const { found, position } = await nextSlice(db, replay, limit);
    if (position === undefined) return finish(db, replay);
    if (
      await isCrowded(
        db,
        replay,
        found.map((key) => key.destination_id),
      )
    )
      return brake(db, replay);
    const { fates, wakes } = await this.again.send(db, found);
    failpoint('ledger.replay-row');
    const done = [...fates.values()].filter((fate) => fate === 'sent' || fate === 'held').length;
    const pauseMs = rate === null ? 0 : (done * 1000) / rate;
    await sql`
      update replays set
        done = done + ${done}, skipped = skipped + ${found.length - done}, position = ${position},
        next_at = clock_timestamp() + ${pauseMs} * interval '1 millisecond', progressed_at = now()
      where id = ${replay.id}`.execute(db);
    await wakeLanes(db, wakes);
  }
}

async function finish(db: Kysely<LedgerTables>, replay: ReplayRow): Promise<void> {
  await sql`
    update replays set state = 'completed', matched = done + skipped, finished_at = now()
    where id = ${replay.id}`.execute(db);
}

async function brake(db: Kysely<LedgerTables>, replay: ReplayRow): Promise<void> {
  await sql`
    update replays set next_at = clock_timestamp() + ${brakeMs} * interval '1 millisecond'
    where id = ${replay.id}`.execute(db);
}

/**
 * What waits in a lane goes in the order of its time: a hundred thousand that are added at once would be before all that
 * comes later. So a lane gets no more than a few seconds' worth. One whose circuit is open is not waited for.
 */
async function isCrowded(
  db: Kysely<LedgerTables>,
  replay: ReplayRow,
  destinationIds: readonly string[],
): Promise<boolean> {
  const { rows } = await sql`
    select from unnest(${[...new Set(destinationIds)]}::text[]) as meant (id)
    where ${replay.progressed_at}::timestamptz > now() - ${patienceMs} * interval '1 millisecond'
      and not exists (select from circuits where circuits.destination_id = meant.id and open)
      and (
        select count(*) from (
          select from deliveries where destination_id = meant.id and due_at <= now()
            and status in ('pending', 'retrying') limit ${maxWaiting}
        ) as waiting
      ) = ${maxWaiting}
    limit 1`.execute(db);
  return rows.length > 0;
}
