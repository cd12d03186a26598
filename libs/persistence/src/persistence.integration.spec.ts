import { create, type Page, type PagePosition, TenantChanged } from '#libs/contracts';
import { type FreshDatabase, freshDatabase, until } from '#libs/testing';
import { type Kysely, sql } from 'kysely';
import { Database } from './database.js';
import { exactTime, readPage } from './keyset.js';
import { createOutbox, enqueue, OutboxRelay } from './outbox.js';
import { keepNewest } from './projection.js';

interface Tables {
  things: { id: string; at: Date };
  copies: { destination_id: string; version: number; url: string };
  outbox: { id: string };
}

const migrations = {
  '0001-things': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create table things (id text primary key, at timestamptz not null)`.execute(db);
      await sql`create table copies (destination_id text primary key, version int, url text)`.execute(db);
      await createOutbox(db);
    },
  },
};

const options = { schema: 'service', poolSize: 3, statementTimeoutMs: 5000, startTimeoutMs: 5000 };

let fresh: FreshDatabase;
let database: Database<Tables>;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = new Database({ ...options, url: fresh.url });
  await database.migrate(migrations);
});

afterEach(async () => {
  await database.close();
  await fresh.drop();
});

const things = (): Promise<string[]> =>
  database.run(async (db) => (await db.selectFrom('things').select('id').execute()).map(({ id }) => id));

describe('a database', () => {
  it('is migrated once, however many processes start at the same time', async () => {
    const another = await freshDatabase();
    const processes = Array.from({ length: 4 }, () => new Database({ ...options, url: another.url }));
    await Promise.all(processes.map((process) => process.migrate(migrations)));
    await Promise.all(processes.map((process) => process.close()));
    await another.drop();
  });

  it('has no statement compiled, which takes far longer than any of ours', async () => {
    const { rows } = await database.run((db) => sql`show jit`.execute(db));
    expect(rows).toEqual([{ jit: 'off' }]);
  });

  it('outlives a connection that breaks between two queries of a transaction', async () => {
    const broken = database.transaction(async (db) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
      await database.run((other) => sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other));
      const isGone = async (): Promise<boolean> => {
        const found = await database.run((other) =>
          sql`select from pg_stat_activity where pid = ${rows[0]?.pid}`.execute(other),
        );
        return found.rows.length === 0;
      };
      await until('the connection to be gone', isGone);
      await db.insertInto('things').values({ id: 'a', at: new Date() }).execute();
    });
    await expect(broken).rejects.toMatchObject({ name: 'DatabaseUnavailableError' });
    expect(await things()).toEqual([]);
  });

  it('keeps nothing of a transaction that throws', async () => {
    const failing = database.transaction(async (db) => {
      await db.insertInto('things').values({ id: 'a', at: new Date() }).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await things()).toEqual([]);
  });

  it('that cannot be reached is an error that passes', async () => {
    const url = new URL(fresh.url);
    url.port = '1';
    const away = new Database<Tables>({ ...options, url: url.href, startTimeoutMs: 100 });
    await expect(away.migrate(migrations)).rejects.toMatchObject({ transient: true });
    expect(await away.isReady()).toBe(false);
    await away.close();
  });

  it('gives up a statement that takes too long, as an error that passes', async () => {
    const hasty = new Database<Tables>({ ...options, url: fresh.url, statementTimeoutMs: 50 });
    await expect(hasty.run((db) => sql`select pg_sleep(5)`.execute(db))).rejects.toMatchObject({
      transient: true,
    });
    await hasty.close();
  });
});

describe('a list', () => {
  const page = (position?: PagePosition, limit = 2): Promise<Page<{ id: string }>> =>
    database.run((db) =>
      readPage(
        db.selectFrom('things').select(['id', exactTime('at').as('position_at'), 'id as position_id']),
        { at: 'at', id: 'id' },
        { limit, ...(position && { position }) },
        ({ id }) => ({ id, ...(id.startsWith('x') && { text: 'x'.repeat(400_000) }) }),
      ),
    );
  const add = (...ids: string[]): Promise<unknown> =>
    database.run((db) =>
      // All in one transaction: the same time, down to the microsecond.
      sql`insert into things select unnest(${ids}::text[]), now()`.execute(db),
    );
  const idsOf = ({ data }: Page<{ id: string }>): string[] => data.map(({ id }) => id);

  it('is read page by page, newest first, without gap or repeat while rows are added', async () => {
    await add('a', 'b', 'c', 'd', 'e');
    const first = await page();
    expect(idsOf(first)).toEqual(['e', 'd']);
    expect(first.newer).toBeUndefined();
    await add('f');
    const second = await page(first.older);
    expect(idsOf(second)).toEqual(['c', 'b']);
    const third = await page(second.older);
    expect(idsOf(third)).toEqual(['a']);
    expect(third.older).toBeUndefined();
    expect(idsOf(await page(third.newer))).toEqual(['c', 'b']);
  });

  it('has pages of at most 1 MiB, in both directions', async () => {
    await add('x1', 'x2', 'x3', 'x4', 'x5');
    const first = await page(undefined, 50);
    expect(idsOf(first)).toEqual(['x5', 'x4']);
    const second = await page(first.older, 50);
    expect(idsOf(second)).toEqual(['x3', 'x2']);
    expect(idsOf(await page(second.newer, 50))).toEqual(['x5', 'x4']);
    const third = await page(second.older, 50);
    expect(idsOf(third)).toEqual(['x1']);
    const back = await page(third.newer, 50);
    expect(idsOf(back)).toEqual(['x3', 'x2']);
    expect(back.newer).toBeDefined();
  });
});

describe('a copy of what another service owns', () => {
  const change = (version: number): Tables['copies'] => ({
    destination_id: 'd',
    version,
    url: `v${version}`,
  });
  const keep = (...versions: number[]): Promise<Tables['copies'][]> =>
    database.run((db) => keepNewest(db, 'copies', versions.map(change)));

  it('holds the newest version, whatever order and however often changes come', async () => {
    expect(await keep(2, 1)).toEqual([change(2)]);
    expect(await keep(1)).toEqual([]);
    expect(await keep(2)).toEqual([]);
    expect(await keep(3, 5, 4)).toEqual([change(5)]);
  });
});

describe('the outbox', () => {
  const changed = (tenantId: string): TenantChanged => create(TenantChanged, { tenantId, deleted: false });
  const relayTo = (publish: (message: object) => Promise<void>): OutboxRelay =>
    new OutboxRelay({
      database,
      types: [TenantChanged],
      publish,
      onTrouble: () => undefined,
    });
  const isEmpty = (): Promise<boolean> =>
    database.run(async (db) => (await db.selectFrom('outbox').select('id').execute()).length === 0);

  it('publishes what was committed, and nothing of what was not', async () => {
    await database.transaction((db) => enqueue(db, [changed('a'), changed('b')]));
    const failing = database.transaction(async (db) => {
      await enqueue(db, [changed('c')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const published: object[] = [];
    const relay = relayTo(async (message) => void published.push(message));
    relay.nudge();
    await relay.stop();
    expect(published).toEqual([changed('a'), changed('b')]);
    expect(await isEmpty()).toBe(true);
  });

  it('keeps what could not be published, and tries again by itself', async () => {
    await database.transaction((db) => enqueue(db, [changed('a')]));
    let failures = 2;
    const relay = relayTo(() => (failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve()));
    relay.start();
    relay.nudge();
    await until('an empty outbox', isEmpty);
    await relay.stop();
    expect(failures).toBe(-1);
  });

  it('is shared by processes without a message being published twice', async () => {
    const ids = Array.from({ length: 500 }, (_, number) => `t${number}`);
    await database.transaction((db) => enqueue(db, ids.map(changed)));
    const published: string[] = [];
    const relays = [1, 2].map(() =>
      relayTo(async (message) => void published.push((message as TenantChanged).tenantId)),
    );
    for (const relay of relays) relay.nudge();
    await Promise.all(relays.map((relay) => relay.stop()));
    expect(published.toSorted()).toEqual(ids.toSorted());
  });
});
