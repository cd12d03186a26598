import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';
import { StatsRepository } from './stats.repository.js';

describe('the stats of a destination', () => {
  let books: Books;
  let stats: StatsRepository;

  beforeAll(async () => {
    books = await Books.open({ CIRCUIT_FAILURES: 2 });
    stats = new StatsRepository(books.database);
    // Whose destination it is the ledger knows from its own copy.
    const destinations = ['dst_1', 'dst_2'].map((destinationId) =>
      destinationChanged({ destinationId, tenantId: 't' }),
    );
    await books.destinations.apply(destinations);
  });
  afterAll(() => books.close());

  it('count each attempt once, however often it is reported', async () => {
    const [one, two] = [new Acceptance('one'), new Acceptance('two')];
    for (const acceptance of [one, two]) {
      await books.record(acceptance.accepted);
      await books.record(acceptance.routed());
    }
    await books.recordAttempts([one.attempted(1, 500), two.attempted(1, 200)]);
    await books.recordAttempts([one.attempted(1, 500), one.attempted(2, 200)]);
    const told = await stats.of('t', 'dst_1');
    for (const window of [told.lastHour, told.lastDay, told.lastWeek])
      expect(window).toMatchObject({
        attempts: 3,
        delivered: 2,
        failed: 1,
        successRate: 0.6667,
        p50Ms: 3,
        p95Ms: 5,
      });
    expect(Date.parse(told.lastDeliveredAt!)).toBeGreaterThan(Date.now() - 60_000);
    expect(Date.parse(told.lastFailedAt!)).toBeGreaterThan(Date.now() - 60_000);
    expect(told.waiting).toEqual({ pending: 0, retrying: 0, held: 0, hasMore: false, oldestDueAt: null });
  });

  it('tell what waits, and that nobody answers', async () => {
    const acceptances = ['a', 'b', 'c'].map((id) => new Acceptance(id, { destinationId: 'dst_2' }));
    for (const acceptance of acceptances) {
      await books.record(acceptance.accepted);
      await books.record(acceptance.routed(acceptance === acceptances[2] ? 'disabled' : 'enabled'));
    }
    await books.record(acceptances[0]!.attempted(1, 'unreachable'));
    expect((await stats.of('t', 'dst_2')).waiting).toMatchObject({ pending: 1, retrying: 1, held: 1 });
    await books.record(acceptances[1]!.attempted(1, 'unreachable'));
    const told = await stats.of('t', 'dst_2');
    expect(told.circuit).toEqual({ open: true, unanswered: 2 });
    expect(Date.parse(told.waiting.oldestDueAt!)).toBeGreaterThan(Date.now());
    expect((await stats.of('another', 'dst_2')).waiting).toMatchObject({ pending: 0, retrying: 0, held: 0 });
  });

  it('cost the same with a hundred thousand deliveries that wait, of which a thousand are counted', async () => {
    await books.database.run((db) =>
      sql`
        insert into deliveries (id, tenant_id, event_id, event_type, destination_id, status, due_at, created_at)
        select 'dlv_' || n, 't', 'evt_' || n, 'a.b', 'dst_3', 'retrying', now() + interval '1 hour', now()
        from generate_series(1, 100000) as n`.execute(db),
    );
    await books.database.run((db) => sql`analyze deliveries`.execute(db));
    const startedMs = performance.now();
    const { waiting } = await stats.of('t', 'dst_3');
    // Not a judgement of this machine: counting all of them, and sorting them, takes far longer.
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(waiting).toMatchObject({ pending: 0, retrying: 1001, held: 0, hasMore: true });
  });

  it('are forgotten when no window reaches them', async () => {
    await books.database.run((db) =>
      sql`update tallies set at = at - interval '3 hours' where destination_id = 'dst_2'`.execute(db),
    );
    await stats.forgetOld();
    const { rows } = await books.database.run((db) =>
      sql<{ span: string }>`select distinct span from tallies where destination_id = 'dst_2'`.execute(db),
    );
    expect(rows).toEqual([{ span: 'hour' }]);
  });
});
