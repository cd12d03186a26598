import type { Delivery, MatchedDestination } from '#libs/contracts';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open({ RETRY_SCHEDULE: [1000, 60_000], RETRY_JITTER: 0 });
  await books.destinations.apply([destinationChanged({ version: 1 })]);
});

afterEach(() => books.close());

/** An event of which so many attempts were made, each answered so. */
const tried = async (eventId: string, ...answers: readonly number[]): Promise<Acceptance> => {
  const event = new Acceptance(eventId);
  for (const message of [event.accepted, event.routed()]) await books.record(message);
  for (const [index, answer] of answers.entries()) await books.record(event.attempted(index + 1, answer));
  return event;
};

const shown = async ({ deliveryId }: Acceptance): Promise<Delivery | undefined> =>
  books.history.findDelivery('t', deliveryId);

const retry = ({ deliveryId }: Acceptance): Promise<Delivery> => books.deliveries.retry('t', deliveryId);

const sent = async (): Promise<string[]> =>
  (await books.pass()).map(({ eventId, attempt }) => `${eventId}/${attempt}`);

const disabled = destinationChanged({ version: 2, enabled: false });
const enabledAgain = destinationChanged({ version: 3, renewedVersion: 3 });
const deleted = destinationChanged({ version: 2, deleted: true });

describe('a retry', () => {
  it('of a failed delivery goes on with the numbers, on a fresh schedule', async () => {
    const event = await tried('e', 500, 500, 500);
    expect(await shown(event)).toMatchObject({ status: 'failed', attemptCount: 3 });
    expect(await retry(event)).toMatchObject({ status: 'pending', attemptCount: 3 });
    expect(await sent()).toEqual(['e/4']);
    await books.record(event.attempted(4, 500));
    expect(await shown(event)).toMatchObject({ status: 'retrying', attemptCount: 4 });
    for (const attempt of [5, 6]) await books.record(event.attempted(attempt, 500));
    expect(await shown(event)).toMatchObject({ status: 'failed', attemptCount: 6 });
    const { data: attempts } = await books.attempts.list(event.accepted.tenantId, event.deliveryId, {
      limit: 50,
    });
    expect(attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(6);
  });

  it('of a delivered one sends it once more', async () => {
    const event = await tried('e', 200);
    await retry(event);
    expect(await sent()).toEqual(['e/2']);
    await books.record(event.attempted(2, 200));
    expect(await shown(event)).toMatchObject({ status: 'delivered', attemptCount: 2 });
  });

  it('of one that waits for its time sends it now', async () => {
    const event = await tried('e', 500, 500);
    expect(await sent()).toEqual([]);
    await retry(event);
    expect(await sent()).toEqual(['e/3']);
  });

  it('of one that is being tried changes nothing, however often it is asked for', async () => {
    const event = await tried('e', 500, 500, 500);
    await Promise.all([retry(event), retry(event), retry(event)]);
    expect(await sent()).toEqual(['e/4']);
    expect(await retry(event)).toMatchObject({ status: 'pending', nextAttemptAt: null });
    await books.wake();
    expect(await sent()).toEqual([]);
  });

  it('waits while the destination is disabled, and goes when it is enabled', async () => {
    const event = await tried('e', 500, 500, 500);
    await books.destinations.apply([disabled]);
    expect(await retry(event)).toMatchObject({ status: 'held' });
    expect(await sent()).toEqual([]);
    await books.destinations.apply([enabledAgain]);
    expect(await shown(event)).toMatchObject({ status: 'pending' });
    expect(await sent()).toEqual(['e/4']);
  });

  it('is pending, and not retrying, also after there was no room for it', async () => {
    const event = await tried('e', 500, 500, 500);
    await retry(event);
    await books.pass();
    await books.record(event.postponedFor({ reason: 'at_limit', attempt: 4 }));
    expect(await shown(event)).toMatchObject({ status: 'pending', attemptCount: 3 });
  });

  it('sends a probe at once where the circuit is open', async () => {
    const event = await tried('e', 200);
    const failing = await Promise.all(['a', 'b', 'c', 'd', 'f'].map((id) => tried(id)));
    await books.recordAttempts(failing.map((one) => one.attempted(1, 'unreachable')));
    await books.later(500);
    expect(await sent()).toEqual([]);
    await retry(event);
    expect(await books.pass()).toMatchObject([{ probe: true }]);
  });

  it('is refused where the destination was deleted or the payload is gone', async () => {
    const event = await tried('e', 500);
    await books.database.run((db) => db.deleteFrom('payloads').execute());
    await expect(retry(event)).rejects.toMatchObject({ code: 'payload_expired' });
    await books.destinations.apply([deleted]);
    await expect(retry(event)).rejects.toMatchObject({ code: 'destination_deleted' });
    expect(await sent()).toEqual([]);
  });

  it('of another tenant finds nothing', async () => {
    const event = await tried('e', 200);
    await expect(books.deliveries.retry('other', event.deliveryId)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a replay of one event', () => {
  const match = (destinationId: string, enabled = true): MatchedDestination => ({
    destinationId,
    destinationVersion: 1,
    enabled,
  });

  it('goes to all that match now, by the delivery there is or by a new one of the same id as ever', async () => {
    const event = await tried('e', 200);
    await books.destinations.apply([destinationChanged({ destinationId: 'dst_2', version: 1 })]);
    books.matches = () => [match('dst_1'), match('dst_2')];
    const replay = await books.events.replay('t', 'e', undefined);
    expect(replay).toMatchObject({ eventId: 'e', matched: 2, done: 2 });
    expect(replay.deliveries.map(({ destinationId }) => destinationId).toSorted()).toEqual([
      'dst_1',
      'dst_2',
    ]);
    expect(replay.deliveries.map(({ id }) => id)).toContain(event.deliveryId);
    expect((await sent()).toSorted()).toEqual(['e/1', 'e/2']);
    expect(await books.events.replay('t', 'e', undefined)).toMatchObject({ matched: 2, done: 0 });
    expect(await sent()).toEqual([]);
  });

  it('lists 250 deliveries, and says with hasMore that it goes to a 251st destination', async () => {
    const event = await tried('e', 200);
    const ids = Array.from({ length: 250 }, (_, n) => `dst_n${n}`);
    const changes = ids.map((destinationId) => destinationChanged({ destinationId, version: 1 }));
    await books.destinations.apply(changes);
    books.matches = () => ids.map((id) => match(id));
    const exact = await books.events.replay('t', 'e', undefined);
    expect(exact).toMatchObject({ matched: 250, done: 250, hasMore: false });
    expect(exact.deliveries).toHaveLength(250);
    await tried('f', 200);
    books.matches = () => ['dst_1', ...ids].map((id) => match(id));
    const more = await books.events.replay('t', 'f', undefined);
    expect(more).toMatchObject({ matched: 251, done: 251, hasMore: true });
    expect(more.deliveries).toHaveLength(250);
    const found = await books.history.findEvent('t', 'f');
    expect(found).toMatchObject({ hasMore: true });
    expect(found?.deliveries).toHaveLength(250);
    // The replay of `e` made 250 deliveries besides the first one.
    expect(await books.history.findEvent('t', 'e')).toMatchObject({ hasMore: true });
    await books.database.run((db) =>
      db.deleteFrom('deliveries').where('id', '=', event.deliveryId).execute(),
    );
    expect(await books.history.findEvent('t', 'e')).toMatchObject({ hasMore: false });
  });

  it('asks the router with the event as it was published', async () => {
    await tried('e', 200);
    const asked: unknown[] = [];
    books.matches = (event) => (asked.push({ ...event, body: event.body.toString() }), [match('dst_1')]);
    await books.events.replay('t', 'e', ['dst_1']);
    expect(asked).toMatchObject([
      { tenantId: 't', eventId: 'e', eventType: 'a.b', destinationIds: ['dst_1'], body: '1' },
    ]);
  });

  it('names the destinations that there are not', async () => {
    await tried('e', 200);
    books.matches = () => [match('dst_1')];
    await expect(books.events.replay('t', 'e', ['dst_1', 'dst_9'])).rejects.toMatchObject({
      code: 'not_found',
      errors: [{ path: 'destinationIds[1]' }],
    });
    expect(await sent()).toEqual([]);
  });

  it('makes no delivery for a destination that the ledger knows to be deleted', async () => {
    await tried('e', 200);
    await books.destinations.apply([deleted]);
    books.matches = () => [match('dst_1')];
    expect(await books.events.replay('t', 'e', undefined)).toMatchObject({ done: 0, deliveries: [] });
    expect(await sent()).toEqual([]);
  });

  it('is refused without a payload, for an event that there is not, and for one that is not routed yet', async () => {
    const event = new Acceptance('new');
    await books.record(event.accepted);
    await expect(books.events.replay('t', 'new', undefined)).rejects.toMatchObject({ code: 'unavailable' });
    await tried('e', 200);
    await books.database.run((db) => db.deleteFrom('payloads').execute());
    await expect(books.events.replay('t', 'e', undefined)).rejects.toMatchObject({ code: 'payload_expired' });
    await expect(books.events.replay('u', 'e', undefined)).rejects.toMatchObject({ code: 'not_found' });
  });
});
