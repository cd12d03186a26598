import { create, CreateReplay } from '#libs/contracts';
import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from './books.fixture.js';

/** What no request of a tenant has to do with. */
const hidden = ['outbox', 'parked'];
/** Ids of destinations and times. */
const open = ['lanes'];

let books: Books;

beforeEach(async () => {
  books = await Books.open();
  await books.destinations.apply([
    destinationChanged({ tenantId: 't', destinationId: 'dst_1' }),
    destinationChanged({ tenantId: 'other', destinationId: 'dst_2' }),
  ]);
  for (const [tenantId, destinationId] of [
    ['t', 'dst_1'],
    ['other', 'dst_2'],
  ] as const) {
    const event = new Acceptance(`of ${tenantId}`, { tenantId, destinationId });
    await books.record(event.accepted);
    await books.record(event.routed());
    await books.record(event.attempted(1, 'unreachable'));
    const span = { after: '2020-01-01T00:00:00Z', before: '2040-01-01T00:00:00Z' };
    await books.replays.create(create(CreateReplay, { tenantId, replayId: `rpl_${tenantId}`, input: span }));
  }
});

afterEach(() => books.close());

const tables = async (): Promise<string[]> => {
  const { rows } = await books.database.run((db) =>
    sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'p') and not relispartition
        and relname not like 'kysely%' order by 1`.execute(db),
  );
  return rows.map(({ name }) => name);
};

const count = (table: string, tenantId?: string): Promise<number> =>
  books.database.ofTenant(tenantId).run(async (db) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from ${sql.table(table)}`.execute(db);
    return rows[0]?.count ?? NaN;
  });

it('shows a tenant its own rows of every table, and nothing of the rest', async () => {
  for (const table of await tables()) {
    if (hidden.includes(table)) {
      await expect(count(table, 't')).rejects.toThrow('permission denied');
      continue;
    }
    const [all, ofOne, ofOther, ofNobody] = await Promise.all(
      [undefined, 't', 'other', 'nobody'].map((tenantId) => count(table, tenantId)),
    );
    const expected = open.includes(table) ? [2, 2, 2, 2] : [2, 1, 1, 0];
    expect({ table, counts: [all, ofOne, ofOther, ofNobody] }).toEqual({
      table,
      counts: table === 'tallies' ? [4, 2, 2, 0] : expected,
    });
  }
});

it('finds a page of the history by its index all the same', async () => {
  await books.database.run((db) =>
    sql`
      insert into events (tenant_id, event_id, acceptance_id, accepted_at, routing, recorded_at)
      select 'tenant-' || number % 20, 'grown-' || number, 'acc', now() - number * interval '1 second', 'routed', now()
      from generate_series(1, 20000) as number`.execute(db),
  );
  await books.database.run((db) => sql`analyze events`.execute(db));
  const plan = await books.database.ofTenant('tenant-1').run(async (db) => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select * from events
      where tenant_id = 'tenant-1' and routing <> 'repeated' and recorded_at is not null
        and (accepted_at, event_id) < (now(), 'z')
      order by accepted_at desc, event_id desc limit 50`.execute(db);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  expect(plan).toMatch(/Index Scan/);
  expect(plan).toMatch(/Index Cond: .*accepted_at/);
});
