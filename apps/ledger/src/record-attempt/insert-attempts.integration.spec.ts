import { create, DeliveryAttempted } from '#libs/contracts';
import { Acceptance, Books } from '../books.fixture.js';
import { insertAttempts } from './insert-attempts.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open();
});

afterEach(() => books.close());

const event = new Acceptance('evt');
const report = event.attempted(1, 200);
const again = (changes: Partial<DeliveryAttempted>): DeliveryAttempted =>
  create(DeliveryAttempted, { ...report, ...changes });
const insert = (...reports: readonly DeliveryAttempted[]): Promise<DeliveryAttempted[]> =>
  books.database.transaction((db) => insertAttempts(db, reports));
const answers = async (): Promise<string[]> =>
  (
    await books.database.run((db) =>
      db.selectFrom('attempts').select('response').orderBy('attempt').execute(),
    )
  ).map(({ response }) => response.toString());
const marks = async (): Promise<boolean[]> =>
  (await books.database.run((db) => db.selectFrom('attempts').select('repeated').execute())).map(
    ({ repeated }) => repeated,
  );

describe('the report of an attempt', () => {
  it('that comes twice is one attempt, new once and not marked', async () => {
    expect(await insert(report)).toEqual([report]);
    expect(await insert(report)).toEqual([]);
    expect(await marks()).toEqual([false]);
  });

  it('has its own answer among others, of bytes and of none', async () => {
    const bodies = ['sûr', '', 'x'.repeat(16 * 1024), 'ok'];
    await insert(
      ...bodies.map((body, index) =>
        create(DeliveryAttempted, { ...event.attempted(index + 1, 500), body: Buffer.from(body) }),
      ),
    );
    expect(await answers()).toEqual(bodies);
  });

  it.each([
    ['was begun at another time', { startedAt: new Date(0).toISOString() }],
    ['says that it may have been made before', { repeated: true }],
  ])('marks the one that is known when it %s, and is not new', async (_, changes) => {
    await insert(report);
    expect(await insert(again(changes))).toEqual([]);
    expect(await marks()).toEqual([true]);
  });

  it.each(['before', 'after'])('marks it when another copy of its request came back %s it', async (when) => {
    const postponed = event.postponedFor({ reason: 'at_limit', repeated: true });
    for (const message of [event.accepted, event.routed()]) await books.record(message);
    if (when === 'before') await books.record(postponed);
    await insert(report);
    if (when === 'after') await books.record(postponed);
    expect(await marks()).toEqual([true]);
  });
});
