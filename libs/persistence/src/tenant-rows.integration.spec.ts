import { type MigratedDatabase, migratedDatabase } from '#libs/testing';
import { type Kysely, sql } from 'kysely';
import { Database } from './database.js';
import { askingTenant, showOwnRows } from './tenant-rows.js';

interface Tables {
  things: { id: string; tenant_id: string };
  secrets: { id: string };
}

const migrations = {
  '0001-things': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create table things (id text primary key, tenant_id text not null)`.execute(db);
      await sql`create table secrets (id text primary key)`.execute(db);
      await showOwnRows(db, { things: sql`tenant_id = ${askingTenant}` });
    },
  },
};

const options = { schema: 'service', poolSize: 3, statementTimeoutMs: 5000, startTimeoutMs: 5000 };

let migrated: MigratedDatabase<Tables>;
let database: Database<Tables>;

beforeEach(async () => {
  migrated = await migratedDatabase({ schema: options.schema, migrations });
  database = migrated.database;
  await database.run((db) =>
    db
      .insertInto('things')
      .values([
        { id: '1', tenant_id: 'one' },
        { id: '2', tenant_id: 'other' },
      ])
      .execute(),
  );
});

afterEach(() => migrated.drop());

/** As a query that forgets whom it is for. */
const idsIn = async (of: Pick<Database<Tables>, 'run'>): Promise<string[]> =>
  of.run(async (db) =>
    (await db.selectFrom('things').select('id').orderBy('id').execute()).map(({ id }) => id),
  );

describe("a tenant's request", () => {
  it('sees its own rows, whatever it asks for, and the service sees all of them', async () => {
    expect(database.lacksTenantRole).toBe(false);
    expect(await idsIn(database.ofTenant('one'))).toEqual(['1']);
    expect(await idsIn(database.ofTenant('nobody'))).toEqual([]);
    expect(await idsIn(database.ofTenant(undefined))).toEqual(['1', '2']);
    expect(await idsIn(database)).toEqual(['1', '2']);
  });

  it('leaves nothing behind on its connection', async () => {
    const one = new Database<Tables>({ ...options, url: migrated.url, poolSize: 1 });
    await one.migrate(migrations);
    expect(await idsIn(one.ofTenant('one'))).toEqual(['1']);
    await expect(one.ofTenant('one').run((db) => sql`select 1 / 0`.execute(db))).rejects.toThrow('division');
    expect(await idsIn(one)).toEqual(['1', '2']);
    await one.close();
  });

  it('changes and deletes no row of another', async () => {
    const ofOne = database.ofTenant('one');
    await ofOne.run((db) => db.updateTable('things').set({ id: 'taken' }).where('id', '=', '2').execute());
    await ofOne.transaction((db) => db.deleteFrom('things').execute());
    expect(await idsIn(database)).toEqual(['2']);
  });

  it('writes no row for another', async () => {
    const writing = database
      .ofTenant('one')
      .within(1000, (db) => db.insertInto('things').values({ id: '3', tenant_id: 'other' }).execute());
    await expect(writing).rejects.toThrow('row-level security');
  });

  it('cannot touch what no policy names', async () => {
    const reading = database.ofTenant('one').run((db) => db.selectFrom('secrets').selectAll().execute());
    await expect(reading).rejects.toThrow('permission denied');
  });
});

it('is answered all the same where Postgres has no role for it, and none may be made', async () => {
  const login = `login_${Date.now().toString(36)}`;
  await database.run((db) => sql`create role ${sql.id(login)} login password 'x'`.execute(db));
  await database.run((db) => sql`grant create on schema public to ${sql.id(login)}`.execute(db));
  const name = new URL(migrated.url).pathname.slice(1);
  await database.run((db) => sql`grant create on database ${sql.id(name)} to ${sql.id(login)}`.execute(db));
  const url = new URL(migrated.url);
  url.username = login;
  url.password = 'x';
  const poor = new Database<Tables>({ ...options, schema: login, url: url.href });
  await poor.migrate(migrations);
  expect(poor.lacksTenantRole).toBe(true);
  expect(await idsIn(poor.ofTenant('one'))).toEqual([]);
  await poor.close();
  await database.run((db) => sql`drop owned by ${sql.id(login)} cascade`.execute(db));
  await database.run((db) => sql`drop role ${sql.id(login)}`.execute(db));
});
