import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';
import { mostCounted, StandingRepository } from './standing.repository.js';

let books: Books;
let standing: StandingRepository;

beforeEach(async () => {
  books = await Books.open({ RETRY_SCHEDULE: [1000], RETRY_JITTER: 0, CIRCUIT_FAILURES: 1 });
  standing = new StandingRepository(books.database);
});

afterEach(() => books.close());

const record = async (...messages: object[]): Promise<void> => {
  for (const message of messages) await books.record(message);
};

describe('how the books stand', () => {
  it('tells what is on its way, what is due and for how long, and what nobody has routed', async () => {
    const [sent, retried, silent] = [
      new Acceptance('sent'),
      new Acceptance('retried'),
      new Acceptance('silent'),
    ];
    await record(sent.accepted, sent.routed(), silent.accepted);
    await record(retried.accepted, retried.routed(), retried.attempted(1, 500));
    expect(await standing.read()).toMatchObject({ due: 0, oldestDueS: 0, onTheWay: 1, unrouted: 1 });
    await books.later(61_000);
    const { due, oldestDueS, timetableLateS } = await standing.read();
    expect(due).toBe(1);
    expect(oldestDueS).toBeGreaterThan(59);
    expect(timetableLateS).toBeGreaterThan(59);
  });

  it('tells what a disabled destination and an open circuit hold', async () => {
    await books.destinations.apply([
      destinationChanged({ destinationId: 'dst_off', enabled: false }),
      destinationChanged({ destinationId: 'dst_1' }),
    ]);
    const held = new Acceptance('held', { destinationId: 'dst_off' });
    const dead = new Acceptance('dead');
    await record(held.accepted, held.routed('disabled'));
    await record(dead.accepted, dead.routed(), dead.attempted(1, 'unreachable'));
    await books.later(61_000);
    expect(await standing.read()).toMatchObject({
      heldDisabled: 1,
      heldByCircuit: 1,
      due: 0,
      oldestDueS: 0,
      circuitsOpen: 1,
      destinations: 2,
    });
  });

  it('tells of the replays that are not over, and what they have still to send', async () => {
    await books.database.run((db) =>
      sql`
        insert into replays
          (id, tenant_id, accepted_after, accepted_before, dry_run, state, matched, done, skipped, finished_at)
        values
          ('rpl_running', 't', now(), now(), false, 'running', 10, 3, 2, null),
          ('rpl_counting', 't', now(), now(), false, 'counting', 7, 0, 0, null),
          ('rpl_dry', 't', now(), now(), true, 'counting', 9, 0, 0, null),
          ('rpl_over', 't', now(), now(), false, 'cancelled', 100, 0, 0, now())`.execute(db),
    );
    expect(await standing.read()).toMatchObject({ replays: 3, replaysRemaining: 12 });
  });

  it('takes no longer, however much waits', async () => {
    // In parts, each of which a slow machine writes within the deadline of a statement.
    for (let part = 0; part < 10; part++)
      await books.database.run((db) =>
        sql`
        insert into deliveries
          (id, tenant_id, event_id, event_type, destination_id, status, attempt_count, due_at, created_at)
        select 'dlv_' || number, 't', 'evt', 'a.b', 'dst_' || number % 100, 'retrying', 1,
          now() - interval '1 hour', now() - number % 30 * interval '1 minute'
        from generate_series(${part * 20_000 + 1}::int, ${(part + 1) * 20_000}::int) as number`.execute(db),
      );
    await books.database.run((db) =>
      sql`
        insert into lanes (destination_id, due_at)
        select 'dst_' || number, now() - interval '1 hour' from generate_series(0, 99) as number`.execute(db),
    );
    const startedAtMs = performance.now();
    expect((await standing.read()).due).toBe(mostCounted);
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });

  it('tells what the days take up, and for how many there is room ahead', async () => {
    await books.keepPartitions();
    const sizes = await standing.sizes();
    expect(sizes.map(({ table }) => table)).toEqual(['events', 'payloads', 'deliveries', 'attempts']);
    for (const { bytes, daysAhead } of sizes) {
      expect(bytes).toBeGreaterThan(0);
      expect(daysAhead).toBeGreaterThan(1);
    }
  });
});
