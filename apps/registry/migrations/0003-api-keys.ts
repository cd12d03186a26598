import { type Kysely, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  // One row: the changes of all keys are counted one by one, and its lock keeps their order that of their commits.
  await sql`create table api_key_versions (version integer not null)`.execute(db);
  await sql`insert into api_key_versions values (0)`.execute(db);
  await sql`
    create table api_keys (
      id text primary key,
      version integer not null,
      name text,
      masked_key text not null,
      hash text not null,
      pepper_id text not null,
      scopes text[] not null,
      tenant_id text,
      expires_at timestamptz,
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    )`.execute(db);
  await sql`create unique index on api_keys (version)`.execute(db);
  await sql`create index on api_keys (created_at desc, id desc) where revoked_at is null`.execute(db);
  await sql`create index on api_keys (tenant_id) where revoked_at is null`.execute(db);
  await sql`create index on api_keys (revoked_at) where revoked_at is not null`.execute(db);
}
