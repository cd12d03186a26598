import { type FreshDatabase, freshDatabase } from '#libs/testing';
import { type Kysely, sql } from 'kysely';
import { Database } from './database.js';
import { DayPartitions } from './day-partitions.js';
import { addDays, type Day, dayMs } from './days.js';
import { createDefaultPartition, partitionDays } from './partitions.js';

interface Tables {
  things: { id: string; at: Date; done: boolean };
}

const things = { name: 'things', column: 'at' };
const migrations = {
  '0001-things': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`
        create table things (id text, at timestamptz, done boolean, primary key (id, at)) partition by range (at)`.execute(
        db,
      );
      await sql`create index on things (at desc)`.execute(db);
      await createDefaultPartition(db, things);
    },
  },
};

let fresh: FreshDatabase;
let database: Database<Tables>;
let others: Database<Tables>[];
let today: Day;
let logged: [string, object][];

const connect = (): Database<Tables> =>
  new Database({
    url: fresh.url,
    schema: 'service',
    poolSize: 3,
    statementTimeoutMs: 5000,
    startTimeoutMs: 5000,
  });

beforeEach(async () => {
  fresh = await freshDatabase();
  database = connect();
  others = [];
  logged = [];
  await database.migrate(migrations);
  const { rows } = await database.run((db) => sql<{ now: Date }>`select now()`.execute(db));
  today = rows[0]!.now.toISOString().slice(0, 10);
});

afterEach(async () => {
  await Promise.all([database, ...others].map((each) => each.close()));
  await fresh.drop();
});

const log = {
  info: (name: string, fields: object) => void logged.push([name, fields]),
  warn: (name: string, fields: object) => void logged.push([name, fields]),
};

const partitionsOf = (own: Database<Tables>): DayPartitions<Tables> =>
  new DayPartitions(own, {
    tables: [{ ...things, retentionMs: 7 * dayMs }],
    isNeeded: async (db, day) => {
      const { rows } = await sql`
        select 1 from things
        where at >= ${day}::timestamptz and at < ${addDays(day, 1)}::timestamptz and not done`.execute(db);
      return rows.length > 0;
    },
    log,
  });

const keep = (): Promise<void> => partitionsOf(database).keep();

const add = (id: string, daysFromToday: number, done = true): Promise<unknown> =>
  database.run((db) =>
    db
      .insertInto('things')
      .values({ id, at: new Date(`${addDays(today, daysFromToday)}T23:59:59.999Z`), done })
      .execute(),
  );

const rowsIn = async (partition: string): Promise<string[]> => {
  const { rows } = await database.run((db) =>
    sql<{ id: string }>`select id from ${sql.table(partition)} order by id`.execute(db),
  );
  return rows.map(({ id }) => id);
};

const days = async (): Promise<Day[]> => (await database.run((db) => partitionDays(db, things))).toSorted();
const nameOf = (daysFromToday: number): string =>
  `things_${addDays(today, daysFromToday).replaceAll('-', '')}`;
const regular = [-1, 0, 1, 2, 3];
const daysFrom = (offsets: readonly number[]): Day[] => offsets.map((offset) => addDays(today, offset));

describe('a table with a partition for each day', () => {
  it('has those of the next days ahead, made once by however many processes', async () => {
    others = [connect(), connect(), connect()];
    await Promise.all([database, ...others].map((each) => partitionsOf(each).keep()));
    expect(await days()).toEqual(daysFrom(regular));
    expect(logged).toHaveLength(1);
    await add('now', 0);
    expect(await rowsIn(nameOf(0))).toEqual(['now']);
  });

  it('takes rows of any day at once, and gives them partitions of their own later', async () => {
    await add('early', -5);
    await add('late', 20);
    await add('now', 0);
    await keep();
    expect(await days()).toEqual(daysFrom([-5, ...regular, 20]));
    expect(await rowsIn('things_default')).toEqual([]);
    expect(await rowsIn(nameOf(-5))).toEqual(['early']);
    expect(await rowsIn(nameOf(0))).toEqual(['now']);
    await expect(add('early', -5)).rejects.toThrow('duplicate key');
  });

  it('fills the days that passed while nobody made partitions', async () => {
    await add('before', -6);
    await keep();
    for (const offset of regular) {
      await database.run((db) => sql`drop table ${sql.table(nameOf(offset))}`.execute(db));
    }
    await keep();
    expect(await days()).toEqual(daysFrom([-6, -5, -4, -3, -2, ...regular]));
  });

  it('loses a day whole once its last moment is older than the retention', async () => {
    await add('expired', -8);
    await add('not yet', -7);
    await keep();
    expect(await days()).toEqual(daysFrom([-7, ...regular]));
    expect(await rowsIn('things')).toEqual(['not yet']);
    expect(logged).toContainEqual(['partition.dropped', { table: 'things', day: addDays(today, -8) }]);
  });

  it('keeps an expired day as long as something of it is needed, and says so', async () => {
    await add('waiting', -30, false);
    await add('finished', -30);
    await keep();
    expect(await rowsIn('things')).toEqual(['finished', 'waiting']);
    expect(logged).toContainEqual([
      'partition.kept',
      { day: addDays(today, -30), reason: 'unfinished work' },
    ]);
    await database.run((db) => db.updateTable('things').set({ done: true }).execute());
    await keep();
    expect(await rowsIn('things')).toEqual([]);
  });

  it('gives way to work that goes on, and is kept another time', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let started = (): void => undefined;
    const working = new Promise<void>((resolve) => (started = resolve));
    const work = database.transaction(async (db) => {
      await db.selectFrom('things').selectAll().execute();
      started();
      await released;
    });
    await working;
    await expect(keep()).rejects.toMatchObject({ transient: true });
    release();
    await work;
    await keep();
    expect(await days()).toEqual(daysFrom(regular));
  });

  it('loses no row that is written while partitions are made', async () => {
    let going = true;
    const ids: string[] = [];
    const writer = async (): Promise<void> => {
      while (going) {
        const id = `row${ids.length}`;
        ids.push(id);
        await add(id, (ids.length % 30) - 3);
      }
    };
    const writing = Promise.all([writer(), writer()]);
    for (let round = 0; round < 5; round++) await keep().catch(() => undefined);
    going = false;
    await writing;
    await keep();
    expect(await rowsIn('things')).toEqual(ids.toSorted());
    expect(await rowsIn('things_default')).toEqual([]);
  });
});
