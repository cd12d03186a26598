import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open();
});

afterEach(() => books.close());

const recordAll = async (...messages: readonly object[]): Promise<void> => {
  for (const message of messages) await books.record(message);
};
const rowsOf = async (table: 'events' | 'payloads' | 'deliveries' | 'attempts'): Promise<number> =>
  (await books.database.run((db) => db.selectFrom(table).selectAll().execute())).length;
const rows = async (): Promise<number[]> => [
  await rowsOf('events'),
  await rowsOf('payloads'),
  await rowsOf('deliveries'),
  await rowsOf('attempts'),
];

describe('what is finished', () => {
  it('loses its payload after 30 days, and all the rest after 90', async () => {
    for (const daysAgo of [29, 32, 89, 92]) {
      const event = new Acceptance(`e${daysAgo}`, { daysAgo });
      await recordAll(event.accepted, event.routed(), event.attempted(1, 200));
    }
    await books.keepPartitions();
    expect(await rows()).toEqual([3, 1, 3, 3]);
    expect(await books.history.findEvent('t', 'e29')).toMatchObject({ payload: 'MQ==' });
    expect(await books.history.findEvent('t', 'e32')).toMatchObject({
      payload: null,
      deliveries: [{ status: 'delivered' }],
    });
    expect(await books.history.findEvent('t', 'e92')).toBeUndefined();
  });
});

describe('what is not finished', () => {
  it('is kept whole whatever its age, and sent when its destination is enabled', async () => {
    const event = new Acceptance('held', { daysAgo: 100, payload: '"kept"' });
    const neighbour = new Acceptance('neighbour', { daysAgo: 100 });
    await recordAll(event.accepted, event.routed('disabled'));
    await recordAll(neighbour.accepted, neighbour.routed(), neighbour.attempted(1, 200));
    await books.keepPartitions();
    expect(await rows()).toEqual([2, 2, 2, 1]);
    const day = event.accepted.acceptedAt.slice(0, 10);
    expect(books.logged).toContainEqual(['partition.kept', { day, reason: 'unfinished work' }]);

    await books.destinations.apply([destinationChanged({ version: 2 })]);
    expect((await books.release()).map(({ body }) => body.toString())).toEqual(['"kept"']);
    await books.keepPartitions();
    expect(await rows()).toEqual([2, 2, 2, 1]);

    await books.record(event.attempted(1, 200));
    await books.keepPartitions();
    expect(await rows()).toEqual([0, 0, 0, 0]);
  });

  it('is also what the router has said nothing of', async () => {
    const event = new Acceptance('e', { daysAgo: 100 });
    await books.record(event.accepted);
    await books.keepPartitions();
    expect(await rows()).toEqual([1, 1, 0, 0]);
    await books.record(event.routed('nothing'));
    await books.keepPartitions();
    expect(await rows()).toEqual([0, 0, 0, 0]);
  });
});
