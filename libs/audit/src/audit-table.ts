import type { AuditResult } from '#libs/contracts';
import { type ColumnType, type QueryExecutorProvider, sql } from '#libs/persistence';

export interface AuditTables {
  audit: {
    id: string;
    at: Date;
    actor: string;
    action: string;
    object_type: string;
    object_id: string;
    tenant_id: string | null;
    before: ColumnType<object | null, string | null, never>;
    after: ColumnType<object | null, string | null, never>;
    address: string | null;
    request_id: string | null;
    result: AuditResult;
  };
}

/**
 * For migrations: the table of `recordAudit`. No row can be changed. The requests of tenants add rows and see none.
 * `json`, not `jsonb`: a text in it may hold a NUL.
 */
export async function createAudit(db: QueryExecutorProvider): Promise<void> {
  await sql`
    create table audit (
      id text collate "C" primary key,
      at timestamptz not null,
      actor text not null,
      action text not null,
      object_type text not null,
      object_id text not null,
      tenant_id text,
      before json,
      after json,
      address text,
      request_id text,
      result text not null
    )`.execute(db);
  await sql`create index on audit (tenant_id, id)`.execute(db);
  await sql`create index on audit (actor, id)`.execute(db);
  await sql`create index on audit (object_id, id)`.execute(db);
  await sql`
    create function refuse_audit_update() returns trigger language plpgsql as
    $$ begin raise exception 'audit records are never changed'; end $$`.execute(db);
  await sql`
    create trigger append_only before update on audit
    for each statement execute function refuse_audit_update()`.execute(db);
  await sql`alter table audit enable row level security`.execute(db);
  await sql`create policy add_rows on audit for insert with check (true)`.execute(db);
}
