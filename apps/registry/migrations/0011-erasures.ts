import { type Kysely, sql } from '#libs/persistence';

/** What is removed of each deleted tenant, by which service. Kept for ever: it is the receipt. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table erasures (
      id text primary key,
      tenant_id text not null,
      requested_at timestamptz not null default now(),
      finished_at timestamptz
    )`.execute(db);
  await sql`create index on erasures (requested_at desc, id desc)`.execute(db);
  await sql`create index on erasures (tenant_id)`.execute(db);
  await sql`
    create table erasure_services (
      erasure_id text not null references erasures,
      service text not null,
      removed jsonb not null default '{}',
      finished_at timestamptz,
      primary key (erasure_id, service)
    )`.execute(db);
}
