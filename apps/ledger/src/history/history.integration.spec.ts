import { type DestinationChanged, newId, type PagePosition } from '#libs/contracts';
import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open();
  await books.keepPartitions();
});

afterEach(() => books.close());

const listed = async (): Promise<string[]> =>
  (await books.history.listEvents('t', {}, { limit: 250 })).data.map(({ id }) => id);

const sent = async (): Promise<string[]> => (await books.pass()).map(({ eventId }) => eventId);

const payloadOf = async (eventId: string): Promise<string | undefined> => {
  const event = await books.history.findEvent('t', eventId);
  return event && Buffer.from(event.payload ?? '', 'base64').toString();
};

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

const destination = (version: number, enabled: boolean, deleted = false): DestinationChanged =>
  destinationChanged({ version, renewedVersion: version, enabled, deleted });

describe('an event that was published twice', () => {
  it('is there once, with the payload that was routed, whatever order the messages come in and however often', async () => {
    const at = new Date();
    const orders = permutations([0, 1, 2, 3]);
    for (const [number, order] of orders.entries()) {
      const id = `evt-${number}`;
      // In one millisecond: nothing but the acceptance tells them apart.
      const counts = new Acceptance(id, { at, payload: '"counts"' });
      const repeat = new Acceptance(id, { at, payload: '"repeat"' });
      const messages = [counts.accepted, counts.routed(), repeat.accepted, repeat.repeated];
      for (const index of [...order, ...order]) await books.record(messages[index]!);
      expect(await payloadOf(id)).toBe('"counts"');
    }
    expect((await listed()).toSorted()).toEqual(orders.map((_, number) => `evt-${number}`).toSorted());
  });

  it('is sent again with the payload that was routed', async () => {
    const at = new Date();
    const [repeat, counts] = [
      new Acceptance('e', { at, payload: '2' }),
      new Acceptance('e', { at, payload: '1' }),
    ];
    const attempted = counts.attempted(1, 500);
    for (const message of [repeat.accepted, counts.accepted, repeat.repeated, counts.routed(), attempted]) {
      await books.record(message);
    }
    const released = await books.release();
    expect(released.map(({ body, attempt }) => [body.toString(), attempt])).toEqual([['1', 2]]);
  });
});

describe('repeats of an event', () => {
  const repeatsOf = async (id: string) => (await books.history.findEvent('t', id))?.repeats;

  it('are counted, with the last of them, and whether the content differed', async () => {
    const [first, same, other] = [1, 2, 3].map(
      (minute) =>
        new Acceptance('e', {
          at: new Date(Date.UTC(2026, 0, 1, 0, minute)),
          payload: minute === 3 ? '"other"' : '"same"',
        }),
    );
    await books.record(first!.accepted);
    await books.record(first!.routed());
    expect(await repeatsOf('e')).toBeUndefined();
    for (const message of [same!.accepted, same!.repeated]) await books.record(message);
    expect(await repeatsOf('e')).toEqual({
      count: 1,
      lastAt: '2026-01-01T00:02:00.000Z',
      contentDiffered: false,
    });
    for (const message of [other!.repeated, other!.accepted]) await books.record(message);
    expect(await repeatsOf('e')).toEqual({
      count: 2,
      lastAt: '2026-01-01T00:03:00.000Z',
      contentDiffered: true,
    });
    expect(await repeatsOf('another')).toBeUndefined();
  });
});

describe('the history', () => {
  it('shows an event once it is recorded, and not when only the router has told of it', async () => {
    const event = new Acceptance('e');
    await books.record(event.routed('nothing'));
    expect(await listed()).toEqual([]);
    expect(await books.history.findEvent('t', 'e')).toBeUndefined();
    await books.record(event.accepted);
    expect(await listed()).toEqual(['e']);
    expect(await books.history.findEvent('t', 'e')).toMatchObject({ id: 'e', type: 'a.b', source: 'http' });
  });

  it('shows an event that the router has not looked at yet', async () => {
    await books.record(new Acceptance('e').accepted);
    expect(await listed()).toEqual(['e']);
  });

  it('has for each of the events that came together its own payload, to the byte', async () => {
    const payloads = ['"ä\u0000€"', '', '1', '\\x00', '"b"'];
    const together = payloads.map((payload, number) => new Acceptance(`evt-${number}`, { payload }));
    await books.recordAll(together.flatMap((event) => [event.accepted, event.routed()]));
    const kept = await Promise.all(payloads.map((_, number) => payloadOf(`evt-${number}`)));
    expect(kept).toEqual(payloads);
  });

  it('is read page by page across days, also of days that have no partition of their own', async () => {
    const offsets = [0, 0, 1, 5, 9, -2, -10];
    const events = offsets.map((daysAgo, number) => new Acceptance(`e${number}`, { daysAgo }));
    for (const event of events) await books.record(event.accepted);
    const seen: string[] = [];
    let position: PagePosition | undefined;
    do {
      const page = await books.history.listEvents('t', {}, { limit: 2, ...(position && { position }) });
      seen.push(...page.data.map(({ id }) => id));
      position = page.older;
    } while (position);
    const newestFirst = events.toSorted((a, b) => (a.accepted.acceptedAt < b.accepted.acceptedAt ? 1 : -1));
    expect(new Set(seen.slice(2, 4))).toEqual(new Set(['e0', 'e1']));
    expect(seen.toSorted()).toEqual(newestFirst.map(({ accepted }) => accepted.eventId).toSorted());
    expect(seen.filter((id) => id !== 'e0' && id !== 'e1')).toEqual(['e6', 'e5', 'e2', 'e3', 'e4']);
  });

  it('has a delivery and its attempts under the id of the delivery, whatever day it is of', async () => {
    for (const daysAgo of [0, 8]) {
      const event = new Acceptance(newId('evt'), { daysAgo });
      for (const message of [
        event.accepted,
        event.routed(),
        event.attempted(1, 500),
        event.attempted(2, 200),
      ]) {
        await books.record(message);
        await books.record(message);
      }
      expect(await books.history.findDelivery('t', event.deliveryId)).toMatchObject({
        status: 'delivered',
        attemptCount: 2,
        createdAt: event.accepted.acceptedAt,
      });
      const { data: attempts } = await books.attempts.list(event.accepted.tenantId, event.deliveryId, {
        limit: 50,
      });
      expect(attempts.map(({ number, statusCode }) => [number, statusCode])).toEqual([
        [1, 500],
        [2, 200],
      ]);
    }
    expect(await books.history.findDelivery('t', newId('evt'))).toBeUndefined();
    expect(await books.history.findDelivery('u', new Acceptance('e').deliveryId)).toBeUndefined();
  });
});

describe('the timetable', () => {
  it('holds, releases and cancels the deliveries of all days with their destination', async () => {
    const events = [0, 3, 20].map((daysAgo) => new Acceptance(`e${daysAgo}`, { daysAgo }));
    for (const event of events) {
      await books.record(event.accepted);
      await books.record(event.routed('disabled'));
    }
    const statuses = async (): Promise<string[]> =>
      (await books.history.listDeliveries('t', {}, { limit: 50 })).data.map(({ status }) => status);
    expect(await statuses()).toEqual(['held', 'held', 'held']);
    await books.destinations.apply([destination(2, true)]);
    expect(await statuses()).toEqual(['pending', 'pending', 'pending']);
    await books.destinations.apply([destination(3, false)]);
    expect(await statuses()).toEqual(['held', 'held', 'held']);
    await books.destinations.apply([destination(4, true)]);
    expect((await books.release()).map(({ eventId }) => eventId).toSorted()).toEqual(['e0', 'e20', 'e3']);
    expect(await books.release()).toEqual([]);
    await books.destinations.apply([destination(5, true, true)]);
    expect(await statuses()).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('is given up after a day when its event was never recorded: its payload is lost', async () => {
    const lately = new Acceptance('lately');
    const lost = new Acceptance('lost', { daysAgo: 2 });
    for (const event of [lately, lost]) await books.record(event.postponed);
    expect(await books.release()).toEqual([]);
    const status = async ({ deliveryId }: Acceptance) =>
      (await books.history.findDelivery('t', deliveryId))?.status;
    expect(await status(lately)).toBe('pending');
    expect(await status(lost)).toBe('failed');
  });

  it('lets others go before what cannot be sent as its event is not recorded yet', async () => {
    const early = new Acceptance('early');
    const event = new Acceptance('e');
    await books.destinations.apply([destinationChanged({ maxConcurrency: 1 })]);
    await books.record(early.postponed);
    for (const message of [event.accepted, event.routed(), event.attempted(1, 500)])
      await books.record(message);
    await books.database.run((db) =>
      sql`update deliveries set due_at = case event_id when 'e' then now() else now() - interval '1 hour' end`.execute(
        db,
      ),
    );
    expect(await sent()).toEqual([]);
    await books.wake();
    expect(await sent()).toEqual(['e']);
    await books.record(event.attempted(2, 200));
    await books.record(early.accepted);
    await books.later(1000);
    expect(await sent()).toEqual(['early']);
  });
});
