import type { DeliveryAttempted } from '#libs/contracts';
import { Database, type Kysely, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { AlertsTables } from '../alerts.tables.js';
import { type Decision, decide, keyOf, type Policy } from './decide.js';
import { type Health, type Seen, unknownHealth } from './health.js';

type Reports = ReadonlyMap<string, readonly DeliveryAttempted[]>;

/** A decision that has to be carried out. */
export interface Todo {
  readonly id: string;
  readonly tenantId: string;
  readonly destinationId: string;
  /** As far as it is known here; undefined where the news of the destination is still on its way. */
  readonly url: string | undefined;
  readonly key: string;
  readonly decision: Decision;
}

@Injectable()
export class HealthRepository {
  constructor(private readonly database: Database<AlertsTables>) {}

  /**
   * Takes in what attempts came to; reports that were taken in before change nothing.
   * @returns what is to be done for these destinations, also what was decided before and not carried out.
   */
  take(attempts: readonly DeliveryAttempted[], policy: Policy): Promise<Todo[]> {
    const reports = byDestination(attempts);
    return this.database.transaction(async (db) => {
      const before = await lockHealth(db, [...reports.keys()]);
      const known = await knownOf(db, [...reports.keys()]);
      const judged = [...reports].map(([id, reported]) => ({
        id,
        ...decide(before.get(id) ?? unknownHealth, factsOf(known.get(id)), reported.map(seenOf), policy),
      }));
      await writeHealth(db, judged);
      await writeDecisions(
        db,
        judged.flatMap(({ id, decisions }) => decisions.map((decision) => ({ id, decision }))),
      );
      return this.#undone(db, reports, known);
    });
  }

  /** The decision is carried out. `disabledVersion`: the destination has been disabled as of that version. */
  done({ id, destinationId }: Todo, disabledVersion?: number): Promise<void> {
    return this.database.transaction(async (db) => {
      await db.deleteFrom('decisions').where('id', '=', id).execute();
      if (disabledVersion === undefined) return;
      await sql`
        update health set health = health || jsonb_build_object('disabledVersion', ${disabledVersion}::integer)
        where destination_id = ${destinationId}`.execute(db);
    });
  }

  async #undone(
    db: Kysely<AlertsTables>,
    reports: Reports,
    known: Awaited<ReturnType<typeof knownOf>>,
  ): Promise<Todo[]> {
    const rows = await db
      .selectFrom('decisions')
      .select(['id', 'destination_id', 'key', 'decision'])
      .where('destination_id', 'in', [...reports.keys()])
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      tenantId: reports.get(row.destination_id)?.[0]?.tenantId ?? '',
      destinationId: row.destination_id,
      url: known.get(row.destination_id)?.url,
      key: row.key,
      decision: row.decision,
    }));
  }
}

/** In one order everywhere, so that two processes that lock the same rows do not wait for one another in a circle. */
function byDestination(attempts: readonly DeliveryAttempted[]): Reports {
  const grouped = Map.groupBy(attempts, ({ destinationId }) => destinationId);
  return new Map([...grouped].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function seenOf(report: DeliveryAttempted): Seen {
  return {
    attempt: `${report.deliveryId} ${report.attempt}`,
    version: report.destinationVersion,
    atMs: Date.parse(report.startedAt),
    delivered: report.result === 'delivered',
    statusCode: report.statusCode,
  };
}

function factsOf(row: Row<AlertsTables['destinations']> | undefined) {
  return row && { ...row, renewedVersion: row.renewed_version };
}

async function lockHealth(
  db: Kysely<AlertsTables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Health>> {
  await sql`
    insert into health (destination_id, health)
    select id, ${JSON.stringify(unknownHealth)}::jsonb from unnest(${ids}::text[]) as new (id)
    on conflict do nothing`.execute(db);
  const rows = await db
    .selectFrom('health')
    .selectAll()
    .where('destination_id', 'in', ids)
    .orderBy('destination_id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.destination_id, row.health]));
}

async function knownOf(
  db: Kysely<AlertsTables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Row<AlertsTables['destinations']>>> {
  const rows = await db.selectFrom('destinations').selectAll().where('destination_id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.destination_id, row]));
}

async function writeHealth(
  db: Kysely<AlertsTables>,
  judged: readonly { id: string; health: Health }[],
): Promise<void> {
  await sql`
    update health set health = new.health::jsonb
    from unnest(
      ${judged.map(({ id }) => id)}::text[],
      ${judged.map(({ health }) => JSON.stringify(health))}::text[]
    ) as new (id, health)
    where destination_id = new.id`.execute(db);
}

/** What is decided once more, before it could be carried out, stays as it was decided first. */
async function writeDecisions(
  db: Kysely<AlertsTables>,
  decided: readonly { id: string; decision: Decision }[],
): Promise<void> {
  if (decided.length === 0) return;
  await sql`
    insert into decisions (destination_id, key, decision)
    select id, key, decision::jsonb from unnest(
      ${decided.map(({ id }) => id)}::text[],
      ${decided.map(({ decision }) => keyOf(decision))}::text[],
      ${decided.map(({ decision }) => JSON.stringify(decision))}::text[]
    ) as new (id, key, decision)
    on conflict do nothing`.execute(db);
}
