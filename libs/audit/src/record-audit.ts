import { type Actor, type AuditObject, newId, publicTenantId } from '#libs/contracts';
import { type QueryExecutorProvider, sql } from '#libs/persistence';

export interface AuditEntry {
  /** The caller of the API; undefined for Posthorn itself. */
  readonly actor: Actor | undefined;
  readonly action: string;
  readonly object: AuditObject;
  /** The public id of the tenant, or its reference: the record shows the former. */
  readonly tenantId?: string | undefined;
  /** Changed fields, without secrets. */
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
  readonly result?: 'success' | 'refused';
}

/** A longer value, as JSON, is replaced by its size: a page of records has to fit into a message. */
const maxValueLength = 1024;
/** Postgres takes 65,535 parameters. */
const maxRowsAtOnce = 1000;

/** Adds records to the table of `createAudit`, in the transaction of the changes that they are about. */
export async function recordAudit(db: QueryExecutorProvider, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  for (let start = 0; start < entries.length; start += maxRowsAtOnce) {
    const rows = entries.slice(start, start + maxRowsAtOnce).map((entry) => rowOf(entry, Date.now()));
    const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.id(column)));
    const values = sql.join(rows.map((row) => sql`(${sql.join(Object.values(row))})`));
    await sql`insert into audit (${columns}) values ${values}`.execute(db);
  }
}

const posthorn = { keyId: 'posthorn', address: null, requestId: null };

function rowOf({ actor, before, after, ...entry }: AuditEntry, nowMs: number) {
  const { keyId, address, requestId } = actor ?? posthorn;
  return {
    id: newId('aud', nowMs),
    at: new Date(nowMs).toISOString(),
    actor: keyId,
    action: entry.action,
    object_type: entry.object.type,
    object_id: entry.object.id,
    tenant_id: entry.tenantId === undefined ? null : publicTenantId(entry.tenantId),
    before: textOf(before),
    after: textOf(after),
    address,
    request_id: requestId,
    result: entry.result ?? 'success',
  };
}

/** As JSON. */
function textOf(fields: Readonly<Record<string, unknown>> | undefined): string | null {
  if (!fields) return null;
  return JSON.stringify(
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, boundedValue(value)])),
  );
}

function boundedValue(value: unknown): unknown {
  const text = JSON.stringify(value) ?? '';
  return text.length <= maxValueLength ? value : `… (${Buffer.byteLength(text)} bytes)`;
}
