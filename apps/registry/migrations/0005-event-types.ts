import { type Kysely, sql } from '#libs/persistence';

/** What is deleted stays as a row, for those who ask what they missed. Schemas and examples are text: they go out as they came. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence event_type_versions`.execute(db);
  await sql`
    create table event_types (
      name text primary key,
      version bigint not null,
      deleted boolean not null default false,
      description text not null,
      schema text,
      example text,
      deprecated boolean not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on event_types (version)`.execute(db);
  await sql`create index on event_types (created_at desc, name desc) where not deleted`.execute(db);
}
