import { type AuditEntry, recordAudit } from '#libs/audit';
import type {
  Actor,
  Page,
  PageRequest,
  ParkedFilter,
  ParkedMessage,
  ParkedRecord,
  ParkedSelection,
  ParkedSummary,
} from '#libs/contracts';
import { Database, exactTime, jsonBytes, type Kysely, readPage, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { originOf, parkedOf } from './origin.js';
import { subjectOf } from './subject.js';

/** A page of 250 of these, in base64, is far below what a message can hold. */
const listedBodyBytes = 16 * 1024;
/** As much of a body as fits into a message in base64; the broker's limit is 16 MiB. */
const shownBodyBytes = 8 * 1024 * 1024;

export interface Selected {
  readonly id: string;
  readonly bytes: number;
}

@Injectable()
export class ParkedRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /**
   * The same message again is the same row.
   * @returns how many bytes were added.
   */
  async keep(message: ParkedMessage): Promise<number> {
    const origin = originOf(message);
    const { tenantId, deliveryId, acceptanceId } = subjectOf(message);
    const sizeBytes = message.body.length + origin.length;
    const { numInsertedOrUpdatedRows: added = 0n } = await this.database.run((db) =>
      db
        .insertInto('parked')
        .values({
          id: message.id,
          parked_at: new Date(message.parkedAt),
          queue: message.queue,
          // The one character that Postgres does not take as text.
          reason: message.reason.replaceAll('\u0000', '\uFFFD'),
          origin,
          body: message.body,
          size_bytes: sizeBytes,
          tenant_id: tenantId,
          delivery_id: deliveryId,
          acceptance_id: acceptanceId,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst(),
    );
    return added > 0n ? sizeBytes : 0;
  }

  async list({ queue }: ParkedFilter, page: PageRequest): Promise<Page<ParkedSummary>> {
    return this.database.run((db) =>
      readPage(
        shown(db, listedBodyBytes)
          .select([exactTime('parked_at').as('position_at'), 'id as position_id'])
          .$if(queue !== undefined, (query) => query.where(inQueue(queue ?? ''))),
        { at: 'parked_at', id: 'id', bytesOf },
        page,
        summaryOf,
      ),
    );
  }

  async find(id: string): Promise<ParkedRecord | undefined> {
    const row = await this.database.run((db) =>
      shown(db, shownBodyBytes).where('id', '=', id).executeTakeFirst(),
    );
    return row && { ...summaryOf(row), properties: row.origin.properties };
  }

  /** @returns what is selected, the oldest first. */
  select({ ids, queue }: ParkedSelection, limit: number): Promise<Selected[]> {
    return this.database.run((db) =>
      db
        .selectFrom('parked')
        .select(['id', 'size_bytes as bytes'])
        .$if(ids !== undefined, (query) => query.where(sql<boolean>`id = any(${ids}::text[])`))
        .$if(queue !== undefined, (query) => query.where(inQueue(queue ?? '')))
        .orderBy('parked_at')
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
  }

  /**
   * Hands messages over, but for those that are gone or that somebody else has in hand, and forgets those of which
   * `handOver` says that they went.
   * @returns for each one handed over whether it went.
   */
  take(
    ids: readonly string[],
    handOver: (message: ParkedMessage) => Promise<boolean>,
    actor?: Actor,
  ): Promise<boolean[]> {
    return this.database.transaction(async (db) => {
      const rows = await db
        .selectFrom('parked')
        .selectAll()
        .where('id', 'in', ids)
        .orderBy('parked_at')
        .orderBy('id')
        .forUpdate()
        .skipLocked()
        .execute();
      const went = await Promise.all(rows.map((row) => handOver(parkedOf(row))));
      const gone = rows.filter((_, index) => went[index]);
      const goneIds = gone.map(({ id }) => id);
      if (gone.length > 0) await db.deleteFrom('parked').where('id', 'in', goneIds).execute();
      await recordAudit(
        db,
        gone.map((row) => auditOf('dead-letter.redriven', row, actor)),
      );
      return went;
    });
  }

  drop(id: string, actor?: Actor): Promise<boolean> {
    return this.database.transaction(async (db) => {
      const row = await db
        .deleteFrom('parked')
        .where('id', '=', id)
        .returning(['id', 'queue', 'reason'])
        .executeTakeFirst();
      if (row) await recordAudit(db, [auditOf('dead-letter.dropped', row, actor)]);
      return row !== undefined;
    });
  }
}

function auditOf(
  action: string,
  { id, queue, reason }: Pick<Row<LedgerTables['parked']>, 'id' | 'queue' | 'reason'>,
  actor: Actor | undefined,
): AuditEntry {
  return { actor, action, object: { type: 'dead-letter', id }, before: { queue, reason } };
}

function shown(db: Kysely<LedgerTables>, bodyBytes: number) {
  return db
    .selectFrom('parked')
    .select(['id', 'parked_at', 'queue', 'reason', 'origin'])
    .select([
      sql<number>`octet_length(body)`.as('body_bytes'),
      sql<Buffer | null>`case when octet_length(body) <= ${bodyBytes} then body end`.as('body'),
    ]);
}

/** One partition, or by the name without it all of them. */
function inQueue(queue: string) {
  return sql<boolean>`(queue = ${queue} or starts_with(queue, ${`${queue}.p`}))`;
}

type ShownRow = Pick<Row<LedgerTables['parked']>, 'id' | 'parked_at' | 'queue' | 'reason' | 'origin'> & {
  readonly body_bytes: number;
  readonly body: Buffer | null;
};

/** As the gateway shows it: the body as text, where it is that. */
function bytesOf(summary: ParkedSummary): number {
  return jsonBytes({ ...summary, body: Buffer.from(summary.body ?? '', 'base64').toString() });
}

function summaryOf(row: ShownRow): ParkedSummary {
  const { exchange, routingKey, properties } = row.origin;
  const { messageId, contentType } = properties;
  return {
    id: row.id,
    reason: row.reason,
    parkedAt: row.parked_at.toISOString(),
    queue: row.queue,
    exchange,
    routingKey,
    messageId: typeof messageId === 'string' ? messageId : null,
    contentType: typeof contentType === 'string' ? contentType : null,
    bodyBytes: row.body_bytes,
    body: row.body?.toString('base64') ?? null,
  };
}
