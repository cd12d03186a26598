import { createOutbox, type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Small and unpartitioned, so that looking at it costs next to nothing however many days there are.
  await sql`
    create table lanes (
      destination_id text primary key,
      due_at timestamptz not null,
      not_before timestamptz
    )`.execute(db);
  await sql`create index on lanes (due_at)`.execute(db);
  await sql`
    create table circuits (
      destination_id text primary key,
      failures integer not null,
      open boolean not null,
      version integer not null,
      renewed_version integer not null
    )`.execute(db);
  await createOutbox(db);
}
