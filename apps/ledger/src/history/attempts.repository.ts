import { type Attempt, attemptId, type Page, type PageRequest } from '#libs/contracts';
import { Database, fitting, jsonBytes, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { acceptedAsIn } from './accepted-within.js';

@Injectable()
export class AttemptsRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /**
   * A page of a delivery's attempts, oldest first. Sent again and again, it may have any number of them; none if the
   * tenant has no such delivery.
   */
  async list(tenantId: string, deliveryId: string, page: PageRequest): Promise<Page<Attempt>> {
    const { limit, position } = page;
    const older = position?.direction === 'older';
    const from = position && Number(position.id);
    const rows = await this.database.ofTenant(tenantId).run((db) =>
      db
        .selectFrom('attempts')
        .selectAll()
        .where('delivery_id', '=', deliveryId)
        .where(acceptedAsIn(deliveryId, 'accepted_at'))
        .where((where) =>
          where.exists(
            where
              .selectFrom('deliveries')
              .where('tenant_id', '=', tenantId)
              .where('id', '=', deliveryId)
              .where(acceptedAsIn(deliveryId, 'created_at')),
          ),
        )
        .$if(from !== undefined, (query) => query.where('attempt', older ? '<' : '>', from ?? 0))
        .orderBy(sql`attempt ${older ? sql`desc` : sql`asc`}`)
        .limit(limit + 1)
        .execute(),
    );
    return pageOf(rows, page);
  }
}

/** @param rows in the order they were read, one more than the page holds if there are more. */
function pageOf(
  rows: readonly Row<LedgerTables['attempts']>[],
  { limit, position }: PageRequest,
): Page<Attempt> {
  const isBackwards = position?.direction === 'older';
  const shown = fitting(rows.slice(0, limit), bytesOf);
  const hasMore = rows.length > shown.length;
  if (isBackwards) shown.reverse();
  const newer = isBackwards || hasMore ? shown.slice(-1) : [];
  const older = (isBackwards ? hasMore : position) ? shown.slice(0, 1) : [];
  return {
    data: shown.map(attemptOf),
    ...Object.fromEntries(newer.map((row) => ['newer', placeOf(row, 'newer')])),
    ...Object.fromEntries(older.map((row) => ['older', placeOf(row, 'older')])),
  };
}

/** As the gateway shows it: the endpoint's answer as text, where it is that. */
function bytesOf(row: Row<LedgerTables['attempts']>): number {
  return jsonBytes({ ...attemptOf(row), response: row.response.toString() });
}

function placeOf({ attempt }: { attempt: number }, direction: 'older' | 'newer') {
  return { at: '', id: String(attempt), direction };
}

function attemptOf(row: Row<LedgerTables['attempts']>): Attempt {
  return {
    id: attemptId(row.delivery_id, row.attempt),
    deliveryId: row.delivery_id,
    number: row.attempt,
    result: row.result,
    statusCode: row.status_code,
    errorClass: row.error_class,
    repeated: row.repeated,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    response: row.response.toString('base64'),
  };
}
