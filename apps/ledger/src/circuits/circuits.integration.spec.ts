import type { DeliveryAttempted } from '#libs/contracts';
import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';

const probeIntervalMs = 30_000;

let books: Books;
let next: number;

beforeEach(async () => {
  next = 0;
  books = await Books.open({ RETRY_SCHEDULE: Array<number>(20).fill(1000), RETRY_JITTER: 0 });
  await books.destinations.apply([destinationChanged({ maxConcurrency: 3 })]);
});

afterEach(() => books.close());

const circuit = async () =>
  await books.database.run((db) => db.selectFrom('circuits').selectAll().executeTakeFirst());

const announced = async (): Promise<object[]> => {
  const { rows } = await books.database.run((db) =>
    sql<{ body: string }>`select body from outbox order by id`.execute(db),
  );
  return rows.map(({ body }) => JSON.parse(body) as object);
};

const routed = async (): Promise<Acceptance> => {
  const event = new Acceptance(`e${next++}`);
  await books.record(event.accepted);
  await books.record(event.routed());
  return event;
};

/** A delivery that the dispatcher gave back as the circuit was open. */
const waiting = async (): Promise<Acceptance> => {
  const event = await routed();
  await books.record(event.postponedFor({ reason: 'circuit_open', circuitVersion: 1 }));
  return event;
};

/** The delivery whose attempts opened it. */
const opened = async (): Promise<Acceptance> => {
  const event = await routed();
  for (let attempt = 1; attempt <= 5; attempt++) await books.record(event.attempted(attempt, 'unreachable'));
  return event;
};

const statusOf = async ({ deliveryId }: Acceptance): Promise<string | undefined> =>
  (await books.history.findDelivery('t', deliveryId))?.status;
const passed = async (): Promise<unknown[]> =>
  (await books.pass()).map(({ eventId, attempt, probe }) => [eventId, attempt, probe]);

describe('a circuit', () => {
  it('opens after five attempts in a row without an answer, and is announced', async () => {
    const event = await routed();
    for (let attempt = 1; attempt <= 4; attempt++)
      await books.record(event.attempted(attempt, 'unreachable'));
    expect(await circuit()).toMatchObject({ failures: 4, open: false });
    await books.record(event.attempted(5, 'unreachable'));
    expect(await circuit()).toMatchObject({ failures: 5, open: true, version: 1 });
    expect(await announced()).toEqual([{ destinationId: 'dst_1', version: 1, open: true }]);
  });

  it('counts an attempt once, however often it is reported', async () => {
    const events = [await routed(), await routed(), await routed(), await routed()];
    const reports = events.map((event) => event.attempted(1, 'unreachable'));
    const again = reports.map((report): DeliveryAttempted =>
      Object.assign(Object.create(report) as DeliveryAttempted, report, {
        startedAt: new Date(0).toISOString(),
      }),
    );
    await books.recordAttempts(reports);
    await books.recordAttempts(reports);
    await books.recordAttempts(again);
    expect(await circuit()).toMatchObject({ failures: 4, open: false });
  });

  it('is nothing that is written of while everything is answered', async () => {
    await books.record((await routed()).attempted(1, 200));
    await books.record((await routed()).attempted(1, 500));
    await books.record((await routed()).attempted(1, 'blocked'));
    expect(await circuit()).toBeUndefined();
  });

  it('counts nothing that was tried before the destination had its URL', async () => {
    await books.destinations.apply([destinationChanged({ version: 2, renewedVersion: 2 })]);
    await opened();
    expect(await circuit()).toMatchObject({ failures: 0, open: false });
  });
});

describe('while a circuit is open', () => {
  it('what is due is held, and what is not due yet keeps its time', async () => {
    const event = await opened();
    const postponed = await waiting();
    expect(await statusOf(event)).toBe('retrying');
    expect(await statusOf(postponed)).toBe('held');
    await books.later(1000);
    expect(await statusOf(event)).toBe('held');
    const held = await books.history.listDeliveries('t', { status: 'held' }, { limit: 10 });
    expect(held.data.map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([null, null]);
    const others = await books.history.listDeliveries('t', { status: 'retrying' }, { limit: 10 });
    expect(others.data).toEqual([]);
    expect(await books.history.findEvent('t', 'e1')).toMatchObject({ deliveries: [{ status: 'held' }] });
  });

  it('the oldest delivery goes as a probe after each interval, also when the last one was lost', async () => {
    await opened();
    for (let count = 0; count < 3; count++) {
      await waiting();
      await books.later(100);
    }
    await books.later(probeIntervalMs);
    expect(await passed()).toEqual([['e1', 1, true]]);
    await waiting();
    await books.later(probeIntervalMs - 10_000);
    expect(await passed()).toEqual([]);
    await books.later(10_000);
    expect(await passed()).toEqual([['e2', 1, true]]);
  });

  it('nothing goes before the first interval is over, whatever comes to wait', async () => {
    await opened();
    await waiting();
    await books.later(probeIntervalMs - 10_000);
    await waiting();
    expect(await passed()).toEqual([]);
  });

  it('no probe is needed as long as nothing waits', async () => {
    const event = await opened();
    await books.later(probeIntervalMs);
    expect(await passed()).toEqual([['e0', 6, true]]);
    await books.record(event.attempted(21, 'unreachable'));
    expect(await statusOf(event)).toBe('failed');
    await books.later(probeIntervalMs);
    expect(await passed()).toEqual([]);
    expect(await books.database.run((db) => db.selectFrom('lanes').selectAll().execute())).toEqual([]);
    const late = await waiting();
    expect(await passed()).toEqual([[late.accepted.eventId, 1, true]]);
  });

  it('a probe without an answer counts as an attempt like any other, and the circuit stays open', async () => {
    const event = await opened();
    await books.later(probeIntervalMs);
    await books.pass();
    await books.record(event.attempted(6, 'unreachable'));
    expect(await books.history.findDelivery('t', event.deliveryId)).toMatchObject({
      status: 'retrying',
      attemptCount: 6,
    });
    expect(await circuit()).toMatchObject({ failures: 6, open: true, version: 1 });
    await books.later(1000);
    expect(await statusOf(event)).toBe('held');
  });
});

describe('when a circuit closes', () => {
  it.each([200, 500])('with an answer of %i, what it held goes, within the limits', async (answer) => {
    await opened();
    const probed = await waiting();
    for (let count = 0; count < 5; count++) await waiting();
    await books.later(probeIntervalMs);
    expect(await passed()).toEqual([[probed.accepted.eventId, 1, true]]);
    await books.record(probed.attempted(1, answer));
    expect(await circuit()).toMatchObject({ failures: 0, open: false, version: 2 });
    expect(await announced()).toContainEqual({ destinationId: 'dst_1', version: 2, open: false });
    const requests = await books.pass();
    expect(requests.filter(({ probe }) => probe)).toEqual([]);
    expect(requests).toHaveLength(3);
    await books.later(1000);
    expect(await passed()).toEqual([]);
  });

  it('nothing stays held that was given back at that very moment', async () => {
    const event = await opened();
    for (let round = 0; round < 20; round++) {
      const postponed = await routed();
      await Promise.all([
        books.record(postponed.postponedFor({ reason: 'circuit_open', circuitVersion: 1 })),
        books.record(event.attempted(6 + 6 * round, 200)),
        books.pass(),
      ]);
      await books.wake();
      await books.pass();
      expect(await statusOf(postponed)).toBe('pending');
      await books.record(postponed.attempted(1, 200));
      for (let failure = 1; failure <= 5; failure++)
        await books.record(event.attempted(6 + 6 * round + failure, 'unreachable'));
      expect(await circuit()).toMatchObject({ open: true });
    }
  });
});

describe('a destination whose circuit is open', () => {
  it('holds what it has when it is disabled, also when the circuit closes', async () => {
    const event = await opened();
    const postponed = await waiting();
    await books.destinations.apply([destinationChanged({ version: 2, enabled: false })]);
    await books.record((await routed()).attempted(1, 200));
    expect(await circuit()).toMatchObject({ open: false });
    await books.later(probeIntervalMs);
    expect(await books.pass()).toEqual([]);
    expect([await statusOf(event), await statusOf(postponed)]).toEqual(['held', 'held']);
    await books.destinations.apply([destinationChanged({ version: 3, renewedVersion: 3 })]);
    expect(await books.pass()).toHaveLength(2);
  });

  it('has a closed one as soon as it is enabled, or has another URL', async () => {
    await opened();
    await waiting();
    await books.destinations.apply([
      destinationChanged({ version: 2, renewedVersion: 2, maxConcurrency: 3 }),
    ]);
    expect(await circuit()).toMatchObject({ failures: 0, open: false, version: 2 });
    expect(await announced()).toContainEqual({ destinationId: 'dst_1', version: 2, open: false });
    expect(await books.pass()).toHaveLength(1);
  });

  it('still has it after any other change', async () => {
    await opened();
    await waiting();
    await books.destinations.apply([destinationChanged({ version: 2 })]);
    expect(await circuit()).toMatchObject({ open: true });
    expect(await books.pass()).toEqual([]);
  });

  it('has its deliveries cancelled and its circuit forgotten when it is deleted', async () => {
    const event = await opened();
    const postponed = await waiting();
    await books.destinations.apply([destinationChanged({ version: 2, deleted: true })]);
    expect([await statusOf(event), await statusOf(postponed)]).toEqual(['cancelled', 'cancelled']);
    await books.record(event.attempted(6, 'unreachable'));
    expect(await circuit()).toBeUndefined();
  });
});
