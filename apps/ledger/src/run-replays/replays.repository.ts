import { createHash } from 'node:crypto';
import { type AuditEntry, recordAudit } from '#libs/audit';
import {
  type Actor,
  type CreateReplay,
  type Page,
  type PageRequest,
  Problem,
  publicTenantId,
  type Replay,
  type ReplayInput,
} from '#libs/contracts';
import { Database, exactTime, type Kysely, readPage, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';

export type ReplayRow = Row<LedgerTables['replays']>;

const maxUnfinished = 20;

/** Replays as their tenant sees them: made, shown, cancelled. */
@Injectable()
export class ReplaysRepository {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly config: LedgerConfig,
  ) {}

  /**
   * Asked again, by the same id or under the same idempotency key, it is the one that was made. Those that were over
   * before the history begins are forgotten by the way.
   * @throws Problem `too_many_replays`; `idempotency_key_reused` if something else was asked for under the key.
   */
  async create(request: CreateReplay): Promise<Replay> {
    const values = rowOf(request);
    await this.#forgetOld();
    return this.database.ofTenant(request.tenantId).transaction(async (db) => {
      let row = await asked(db, request).executeTakeFirst();
      if (!row) {
        await mustHaveRoom(db, request.tenantId);
        const inserted = await db
          .insertInto('replays')
          .values(values)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        row = await asked(db, request).executeTakeFirstOrThrow();
        if (inserted.numInsertedOrUpdatedRows) await recordAudit(db, [auditCreation(row, request.actor)]);
      }
      if (row.request_digest !== values.request_digest)
        throw new Problem(
          'idempotency_key_reused',
          'Another replay was asked for under this Idempotency-Key.',
        );
      return replayOf(row);
    });
  }

  async list(tenantId: string, page: PageRequest): Promise<Page<Replay>> {
    return this.database.ofTenant(tenantId).run((db) =>
      readPage(
        db
          .selectFrom('replays')
          .selectAll()
          .select([exactTime('created_at').as('position_at'), 'id as position_id'])
          .where('tenant_id', '=', tenantId),
        { at: 'created_at', id: 'id' },
        page,
        replayOf,
      ),
    );
  }

  async find(tenantId: string, id: string): Promise<Replay | undefined> {
    const row = await this.database
      .ofTenant(tenantId)
      .run((db) =>
        db
          .selectFrom('replays')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .executeTakeFirst(),
      );
    return row && replayOf(row);
  }

  /** Waits for the batch that is being written, if one is; after that there is none. */
  async cancel(tenantId: string, id: string, actor?: Actor): Promise<Replay | undefined> {
    await this.database.ofTenant(tenantId).transaction(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('replays')
        .set({ state: 'cancelled', finished_at: sql<Date>`now()` })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .executeTakeFirstOrThrow();
      const object = { type: 'replay', id };
      if (numUpdatedRows > 0n)
        await recordAudit(db, [{ actor, action: 'replay.cancelled', object, tenantId }]);
    });
    return this.find(tenantId, id);
  }

  async #forgetOld(): Promise<void> {
    await this.database.run((db) =>
      sql`
        delete from replays
        where finished_at < now() - ${this.config.METADATA_RETENTION} * interval '1 millisecond'`.execute(db),
    );
  }
}

function auditCreation(row: ReplayRow, actor: Actor | undefined): AuditEntry {
  const { destinationId, eventTypes, statuses, after, before, dryRun, ratePerSecond } = replayOf(row);
  return {
    actor,
    action: 'replay.created',
    object: { type: 'replay', id: row.id },
    tenantId: row.tenant_id,
    after: { destinationId, eventTypes, statuses, after, before, dryRun, ratePerSecond },
  };
}

function asked(db: Kysely<LedgerTables>, { tenantId, replayId, idempotencyKey }: CreateReplay) {
  return db
    .selectFrom('replays')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where((is) =>
      is.or([
        is('id', '=', replayId),
        ...(idempotencyKey === undefined ? [] : [is('idempotency_key', '=', idempotencyKey)]),
      ]),
    );
}

async function mustHaveRoom(db: Kysely<LedgerTables>, tenantId: string): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from replays
    where tenant_id = ${tenantId} and finished_at is null`.execute(db);
  if ((rows[0]?.count ?? 0) >= maxUnfinished)
    throw new Problem('too_many_replays', `${maxUnfinished} replays of this tenant are not over yet.`);
}

/** What is accepted while it runs is not part of it. */
function rowOf({ tenantId, replayId, idempotencyKey, input }: CreateReplay) {
  return {
    id: replayId,
    tenant_id: tenantId,
    idempotency_key: idempotencyKey ?? null,
    request_digest: idempotencyKey === undefined ? null : digestOf(input),
    destination_id: input.destinationId ?? null,
    event_types: input.eventTypes ?? null,
    statuses: input.statuses ?? null,
    accepted_after: new Date(input.after),
    accepted_before: sql<Date>`least(${new Date(input.before)}::timestamptz, now())`,
    dry_run: input.dryRun ?? false,
    rate_per_second: input.ratePerSecond ?? null,
  };
}

/** The same for what means the same. */
function digestOf(input: ReplayInput): string {
  const { destinationId = null, eventTypes = null, statuses = null, dryRun, ratePerSecond = null } = input;
  const times = [new Date(input.after), new Date(input.before)];
  const meant = [destinationId, eventTypes, statuses, ...times, dryRun ?? false, ratePerSecond];
  return createHash('sha256').update(JSON.stringify(meant)).digest('hex');
}

function replayOf(row: ReplayRow): Replay {
  return {
    id: row.id,
    tenantId: publicTenantId(row.tenant_id),
    destinationId: row.destination_id,
    eventTypes: row.event_types,
    statuses: row.statuses,
    after: row.accepted_after.toISOString(),
    before: row.accepted_before.toISOString(),
    dryRun: row.dry_run,
    ratePerSecond: row.rate_per_second,
    state: row.state,
    matched: row.matched,
    done: row.done,
    skipped: row.skipped,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
