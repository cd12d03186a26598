import type { DeliveryFilter, EventFilter, Page, PagePosition } from '#libs/contracts';
import { sql } from '#libs/persistence';
import { Acceptance, Books } from '../books.fixture.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open();
});

afterEach(() => books.close());

/** Of tenants `t` and `u`, three days, and in one and the same millisecond. */
const written = async (): Promise<Acceptance[]> => {
  const at = new Date(Date.now() - 1000);
  const events = [
    new Acceptance('a', { daysAgo: 2 }),
    new Acceptance('same', { at }),
    new Acceptance('same', { at, tenantId: 'u' }),
    new Acceptance('b', { at, tenantId: 'u', destinationId: 'dst_2', eventType: 'c.d' }),
    new Acceptance('c', { daysAgo: 1, destinationId: 'dst_2' }),
  ];
  for (const event of events) for (const one of [event.accepted, event.routed()]) await books.record(one);
  await books.record(events[0]!.attempted(1, 200));
  await books.record(events[4]!.attempted(1, 500));
  return events;
};

/** All of a list, forth and back, two at a time. */
const walked = async <Item>(read: (position?: PagePosition) => Promise<Page<Item>>): Promise<Item[]> => {
  const pages: Item[][] = [];
  let page = await read();
  for (;;) {
    pages.push(page.data);
    if (!page.older) break;
    page = await read(page.older);
  }
  for (let index = pages.length - 2; page.newer && index >= 0; index--) {
    page = await read(page.newer);
    expect(page.data).toEqual(pages[index]);
  }
  return pages.flat();
};

const deliveries = async (tenantId: string | undefined, filter: DeliveryFilter = {}): Promise<string[]> => {
  const found = await walked((position) =>
    books.history.listDeliveries(tenantId, filter, { limit: 2, ...(position && { position }) }),
  );
  return found.map((delivery) => `${delivery.tenantId}/${delivery.eventId}`);
};

const events = async (tenantId: string | undefined, filter: EventFilter = {}): Promise<string[]> => {
  const found = await walked((position) =>
    books.history.listEvents(tenantId, filter, { limit: 2, ...(position && { position }) }),
  );
  return found.map((event) => `${event.tenantId}/${event.id}`);
};

describe('a list', () => {
  it('of deliveries is one tenant’s, or everybody’s, newest first', async () => {
    await written();
    expect(await deliveries('t')).toEqual(['t/same', 't/c', 't/a']);
    const all = await deliveries(undefined);
    expect(all.slice(0, 3).toSorted()).toEqual(['t/same', 'u/b', 'u/same']);
    expect(all.slice(3)).toEqual(['t/c', 't/a']);
  });

  it('of events across tenants leaves out neither of two that have one id and one time', async () => {
    await written();
    const all = await events(undefined);
    expect(all.slice(0, 3).toSorted()).toEqual(['t/same', 'u/b', 'u/same']);
    expect(all.slice(3)).toEqual(['t/c', 't/a']);
    expect(await events(undefined, { type: 'c.d' })).toEqual(['u/b']);
    expect(await events('u', { type: 'a.b' })).toEqual(['u/same']);
  });

  it.each<[DeliveryFilter, string[]]>([
    [{ destinationId: 'dst_2' }, ['u/b', 't/c']],
    [{ eventType: 'c.d' }, ['u/b']],
    [{ eventId: 'c' }, ['t/c']],
    [{ status: 'retrying' }, ['t/c']],
    [{ status: 'delivered' }, ['t/a']],
    [{ status: 'held' }, []],
    [{ status: 'delivered', destinationId: 'dst_2' }, []],
  ])('is filtered by %j', async (filter, expected) => {
    await written();
    expect(await deliveries(undefined, filter)).toEqual(expected);
    const ofOne = expected.filter((one) => one.startsWith('t/'));
    expect(await deliveries('t', filter)).toEqual(ofOne);
  });

  it('begins and ends where it is asked to, to the millisecond', async () => {
    const [oldest, , , , middle] = await written();
    const after = oldest!.accepted.acceptedAt;
    const before = middle!.accepted.acceptedAt;
    expect(await deliveries('t', { after, before })).toEqual(['t/a']);
    expect(await events('t', { after, before })).toEqual(['t/a']);
    expect(await deliveries('t', { before: after })).toEqual([]);
  });

  it.each([
    [{ after: '0000-01-01', before: '9999-12-31T23:59:59.999Z' }, 3],
    [{ after: '9999-12-31' }, 0],
    [{ before: '1969-07-20T20:17:40Z' }, 0],
  ])('of an absurd range, %j, is a list all the same', async (range, count) => {
    await written();
    expect(await deliveries('t', range)).toHaveLength(count);
    expect(await events('t', range)).toHaveLength(count);
  });

  it('that takes longer than anybody waits is given up, as what may succeed later', async () => {
    const listing = books.database.transaction(async (db) => {
      await sql`lock table deliveries in access exclusive mode`.execute(db);
      await expect(books.history.listDeliveries('t', {}, { limit: 1 })).rejects.toMatchObject({
        transient: true,
      });
    });
    await listing;
  });
});

describe('the attempts of a delivery', () => {
  it('are read page by page, oldest first', async () => {
    const event = new Acceptance('e');
    for (const one of [event.accepted, event.routed()]) await books.record(one);
    await books.recordAttempts([1, 2, 3, 4, 5].map((number) => event.attempted(number, 500)));
    const page = (position?: PagePosition) =>
      books.attempts.list(event.accepted.tenantId, event.deliveryId, {
        limit: 2,
        ...(position && { position }),
      });
    const first = await page();
    expect(first.older).toBeUndefined();
    const second = await page(first.newer);
    const third = await page(second.newer);
    expect(third.newer).toBeUndefined();
    const numbers = [first, second, third].map(({ data }) => data.map(({ number }) => number));
    expect(numbers).toEqual([[1, 2], [3, 4], [5]]);
    expect(await page(third.older)).toEqual(second);
    expect(await page(second.older)).toEqual(first);
  });

  it('are not shown to another tenant', async () => {
    const event = new Acceptance('e');
    for (const one of [event.accepted, event.routed()]) await books.record(one);
    await books.recordAttempts([event.attempted(1, 500)]);
    expect((await books.attempts.list('another', event.deliveryId, { limit: 2 })).data).toEqual([]);
  });
});
