import { sql } from '#libs/persistence';
import { destinationChanged, until } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open({ RETRY_SCHEDULE: [1000], RETRY_JITTER: 0 });
});

afterEach(() => books.close());

const lanes = () => books.database.run((db) => db.selectFrom('lanes').selectAll().execute());
const passed = async (): Promise<string[]> => (await books.pass()).map(({ eventId }) => eventId);

/** Events that have been tried once and are due again in a second. */
const retrying = async (count: number, destinationId = 'dst_1'): Promise<Acceptance[]> => {
  const events = Array.from(
    { length: count },
    (_, number) => new Acceptance(`${destinationId} ${number}`, { destinationId }),
  );
  for (const event of events) {
    for (const message of [event.accepted, event.routed(), event.attempted(1, 500)])
      await books.record(message);
  }
  return events;
};

/** Deliveries of one event to these destinations that have been due for so long. */
const due = (destination: { name: string; from: number; to: number }, each: number, forS: number) =>
  books.database.transaction(async (db) => {
    const event = new Acceptance('evt');
    await books.record(event.accepted);
    const { name, from, to } = destination;
    await sql`
      insert into deliveries
        (id, tenant_id, event_id, event_type, destination_id, status, attempt_count, due_at, created_at)
      select 'dlv_' || ${name} || number || '_' || copy, 't', 'evt', 'a.b', ${name} || number, 'retrying', 1,
        now() - ${forS} * interval '1 second', ${event.accepted.acceptedAt}
      from generate_series(${from}::integer, ${to}::integer) as number, generate_series(1, ${each}::integer) as copy`.execute(
      db,
    );
    await sql`
      insert into lanes (destination_id, due_at)
      select ${name} || number, now() - ${forS} * interval '1 second'
      from generate_series(${from}::integer, ${to}::integer) as number`.execute(db);
  });

describe('what is due', () => {
  it('goes to each destination in the first pass, however much one of them has waiting', async () => {
    await due({ name: 'noisy', from: 1, to: 1 }, 100_000, 3600);
    await due({ name: 'quiet', from: 1, to: 100 }, 1, 1);
    const destinations = (await books.pass()).map(({ destinationId }) => destinationId);
    expect(destinations.filter((id) => id.startsWith('quiet'))).toHaveLength(100);
    expect(destinations).toContain('noisy1');
  });

  it('is taken by one of several that release side by side, and not by another', async () => {
    await due({ name: 'dst', from: 1, to: 200 }, 1, 1);
    const first: string[] = [];
    const second: string[] = [];
    await books.due.release(async (requests) => {
      first.push(...requests.map(({ deliveryId }) => deliveryId));
      second.push(...(await books.pass()).map(({ deliveryId }) => deliveryId));
    });
    expect(first.length).toBeGreaterThan(0);
    expect(second.length).toBeGreaterThan(0);
    expect(new Set([...first, ...second]).size).toBe(200);
    expect(first.length + second.length).toBe(200);
  });

  it('is due again when it could not be sent', async () => {
    await retrying(1);
    await books.later(1000);
    await expect(books.due.release(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await passed()).toHaveLength(1);
  });

  it('leaves no lane behind when all of it has gone', async () => {
    await retrying(3);
    await books.later(1000);
    expect(await passed()).toHaveLength(3);
    expect(await lanes()).toEqual([]);
  });
});

describe('a destination with limits', () => {
  it('gets no more than it may have at once, and more as it reports', async () => {
    await books.destinations.apply([destinationChanged({ maxConcurrency: 3 })]);
    const events = await retrying(7);
    await books.later(1000);
    expect(await passed()).toHaveLength(3);
    await books.later(1000);
    expect(await passed()).toHaveLength(0);
    await books.record(events[0]!.attempted(2, 200));
    await books.record(events[1]!.attempted(2, 200));
    await books.later(1000);
    expect(await passed()).toHaveLength(2);
  });

  it('gets what waits no faster than it may', async () => {
    await books.destinations.apply([destinationChanged({ ratePerSecond: 0.05 })]);
    await retrying(3);
    await books.later(1000);
    expect(await passed()).toHaveLength(1);
    await books.later(10_000);
    expect(await passed()).toHaveLength(0);
    await books.later(10_000);
    expect(await passed()).toHaveLength(1);
  });

  it('goes by new limits as soon as they are known', async () => {
    await books.destinations.apply([destinationChanged({ ratePerSecond: 0.01 })]);
    await retrying(3);
    await books.later(1000);
    expect(await passed()).toHaveLength(1);
    await books.destinations.apply([destinationChanged({ version: 2, ratePerSecond: 100 })]);
    expect(await passed()).toHaveLength(2);
  });

  it('gets what the dispatcher had no room for when there may be room, at no cost of an attempt', async () => {
    const event = new Acceptance('e');
    await books.record(event.accepted);
    await books.record(event.routed());
    await books.record(event.postponedFor({ reason: 'at_limit', retryInMs: 30_000 }));
    expect(await books.history.findDelivery('t', event.deliveryId)).toMatchObject({
      status: 'pending',
      attemptCount: 0,
    });
    await books.later(20_000);
    expect(await passed()).toEqual([]);
    await books.later(10_000);
    expect(await passed()).toEqual(['e']);
  });

  it('gets a repeat back as one, however often there is no room for it, until it is tried', async () => {
    const event = new Acceptance('e');
    const requested = async () =>
      (await books.pass()).map(({ attempt, repeated }) => ({ attempt, repeated }));
    await books.record(event.accepted);
    await books.record(event.routed());
    for (const repeated of [true, false]) {
      await books.record(event.postponedFor({ reason: 'at_limit', repeated }));
      await books.later(1000);
      expect(await requested()).toEqual([{ attempt: 1, repeated: true }]);
    }
    await books.record(event.attempted(1, 500));
    await books.later(1000);
    expect(await requested()).toEqual([{ attempt: 2, repeated: undefined }]);
  });

  it('that has too much to do gets what waits once for each pause, and no pause is drawn out', async () => {
    await books.destinations.apply([destinationChanged({ maxConcurrency: 1 })]);
    const [first] = await retrying(3);
    await books.later(1000);
    await books.recordAttempts([{ ...new Acceptance('overloaded').attempted(1, 503), retryAfterS: 20 }]);
    await books.later(10_000);
    expect(await passed()).toEqual([]);
    await books.recordAttempts([
      { ...new Acceptance('still overloaded').attempted(1, 503), retryAfterS: 20 },
    ]);
    await books.later(10_000);
    expect(await passed()).toEqual(['dst_1 0']);
    await books.recordAttempts([{ ...first!.attempted(2, 503), retryAfterS: 20 }]);
    await books.later(10_000);
    expect(await passed()).toEqual([]);
    await books.later(10_000);
    expect(await passed()).toEqual(['dst_1 1']);
  });
});

describe('a lane', () => {
  /** Resolves when somebody waits for a lock in this database. */
  const somebodyWaits = (): Promise<unknown> =>
    until('somebody who waits for a lock', async () => {
      const { rows } = await books.database.run((db) =>
        sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          db,
        ),
      );
      return rows.length > 0 ? true : undefined;
    });

  it('is not forgotten by a look that comes between a delivery and its wake-up', async () => {
    await retrying(1);
    const late = new Acceptance('late');
    await books.record(late.accepted);
    await books.later(1000);
    let recorded: Promise<void> | undefined;
    await books.due.release(async () => {
      recorded = books.record(late.attempted(1, 500));
      await somebodyWaits();
    });
    await recorded;
    await books.later(1000);
    expect(await passed()).toEqual(['late']);
  });

  it('is kept for a delivery that somebody else has in hand, and then lets go', async () => {
    const [event] = await retrying(1);
    await books.later(1000);
    const rollback = books.database.transaction(async (db) => {
      await sql`select from deliveries where id = ${event!.deliveryId} for update`.execute(db);
      expect(await passed()).toEqual([]);
      throw new Error('rolled back');
    });
    await expect(rollback).rejects.toThrow('rolled back');
    await books.later(300);
    expect(await passed()).toHaveLength(1);
  });

  it('forgets nothing that several give back while several others release', async () => {
    const events = await retrying(10);
    await books.later(1000);
    await books.pass();
    for (let round = 0; round < 10; round++) {
      const released = new Set<string>();
      const take = async (): Promise<void> => (await passed()).forEach((id) => void released.add(id));
      const giveBack = events.map((event) =>
        books.record(event.postponedFor({ reason: 'at_limit', attempt: 2 })),
      );
      await Promise.all([...giveBack, take(), take(), take()]);
      await until('all of them', async () => {
        await take();
        return released.size === events.length ? true : undefined;
      });
    }
  });
});
