import { askingTenant, createErasures, type Kysely, showOwnRows, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createErasures(db);
  // Payloads of single events: for a while what is recorded late of them is removed again.
  await sql`
    create table erased_payloads (
      tenant_id text not null,
      event_id text not null,
      erased_at timestamptz not null default now(),
      due_at timestamptz,
      primary key (tenant_id, event_id)
    )`.execute(db);
  await sql`create index on erased_payloads (due_at) where due_at is not null`.execute(db);
  await showOwnRows(db, { erased_payloads: sql`tenant_id = ${askingTenant}` });
}
