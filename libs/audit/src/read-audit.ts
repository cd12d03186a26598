import { type AuditFilter, type AuditRecord, firstIdAt, type Page, type PageRequest } from '#libs/contracts';
import { exactTime, type Kysely, readPage, type Row, sql } from '#libs/persistence';
import type { AuditTables } from './audit-table.js';

/** A page of audit records, newest first. Their ids begin with their time. */
export async function readAudit<Tables extends AuditTables>(
  db: Kysely<Tables>,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditRecord>> {
  const { tenantId, actor, action, objectId, after, before } = filter;
  const query = (db as unknown as Kysely<AuditTables>)
    .selectFrom('audit')
    .selectAll()
    .select([exactTime('at').as('position_at'), 'id as position_id'])
    .$if(tenantId !== undefined, (some) => some.where('tenant_id', '=', tenantId ?? ''))
    .$if(actor !== undefined, (some) => some.where('actor', '=', actor ?? ''))
    .$if(action !== undefined, (some) => some.where('action', '=', action ?? ''))
    .$if(objectId !== undefined, (some) => some.where('object_id', '=', objectId ?? ''))
    .$if(after !== undefined, (some) => some.where('id', '>=', firstIdAt('aud', Date.parse(after ?? ''))))
    .$if(before !== undefined, (some) => some.where('id', '<', firstIdAt('aud', Date.parse(before ?? ''))));
  return readPage(query, { id: 'id' }, page, recordOf);
}

/** Removes the records of days that are past their retention, by Postgres' clock. @returns how many. */
export async function dropExpiredAudit<Tables extends AuditTables>(
  db: Kysely<Tables>,
  retentionMs: number,
): Promise<number> {
  const { rows } = await sql<{ now: Date }>`select now()`.execute(db);
  const day = new Date((rows[0]?.now ?? new Date()).getTime() - retentionMs).toISOString().slice(0, 10);
  const { numAffectedRows = 0n } = await sql`
    delete from audit where id < ${firstIdAt('aud', Date.parse(day))}`.execute(db);
  return Number(numAffectedRows);
}

function recordOf(row: Row<AuditTables['audit']>): AuditRecord {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    object: { type: row.object_type, id: row.object_id },
    tenantId: row.tenant_id,
    before: row.before,
    after: row.after,
    address: row.address,
    requestId: row.request_id,
    result: row.result,
  };
}
