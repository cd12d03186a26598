import { create, CreateReplay } from '#libs/contracts';
import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from './books.fixture.js';

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
    await books.database.run((db) =>
      db
        .insertInto('erased_payloads')
        .values({ tenant_id: tenantId, event_id: 'another', due_at: null })
        .execute(),
    );
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

/** How many rows of a table there are for all, for either tenant, and for one that there is not. */
const counts = async (table: string): Promise<number[] | 'permission denied'> => {
  const count = (tenantId?: string): Promise<number> =>
    books.database.ofTenant(tenantId).run(async (db) => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::integer as count from ${sql.table(table)}`.execute(db);
      return rows[0]?.count ?? NaN;
    });
  try {
    return [await count(), await count('t'), await count('other'), await count('nobody')];
  } catch (error) {
    if (String(error).includes('permission denied')) return 'permission denied';
    throw error;
  }
};

it('shows a tenant its own rows of every table, and nothing of the rest', async () => {
  const found = await Promise.all(
    (await tables()).map(async (table) => [table, await counts(table)] as const),
  );
  expect(Object.fromEntries(found)).toEqual({
    attempts: [2, 1, 1, 0],
    // A tenant's requests add records and see none.
    audit: [2, 0, 0, 0],
    circuits: [2, 1, 1, 0],
    deliveries: [2, 1, 1, 0],
    destinations: [2, 1, 1, 0],
    erased_payloads: [2, 1, 1, 0],
    events: [2, 1, 1, 0],
    payloads: [2, 1, 1, 0],
    replays: [2, 1, 1, 0],
    tallies: [4, 2, 2, 0],
    // Ids of destinations and times: whose they are the ledger may not know yet.
    lanes: [2, 2, 2, 2],
    erasures: 'permission denied',
    outbox: 'permission denied',
    parked: 'permission denied',
  });
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
