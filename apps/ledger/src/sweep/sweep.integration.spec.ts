import { create, type EventAccepted, ParkedMessage } from '#libs/contracts';
import { Acceptance, Books } from '../books.fixture.js';
import { ParkedRepository } from '../parked/parked.repository.js';
import { SweepRepository } from './sweep.repository.js';

const hourMs = 3_600_000;

let books: Books;
let sweep: SweepRepository;

beforeEach(async () => {
  books = await Books.open();
  sweep = new SweepRepository(books.database);
});

afterEach(() => books.close());

/** Everything in the books is an hour older. */
const age = async (): Promise<void> => {
  const hourAgo = new Date(Date.now() - hourMs);
  await books.database.run((db) => db.updateTable('events').set({ recorded_at: hourAgo }).execute());
  await books.database.run((db) => db.updateTable('deliveries').set({ updated_at: hourAgo }).execute());
};

const deadLetter = (queue: string, headers: object): ParkedMessage =>
  create(ParkedMessage, {
    id: 'prk_1',
    reason: 'it cannot be handled',
    parkedAt: new Date().toISOString(),
    queue,
    exchange: 'posthorn',
    routingKey: 'a.key',
    properties: { headers },
    body: Buffer.alloc(0),
  });

const unrouted = async (): Promise<EventAccepted[]> => {
  const repeated: EventAccepted[] = [];
  await sweep.repeatUnrouted(hourMs / 2, async (events) => void repeated.push(...events));
  return repeated;
};

describe('an event', () => {
  const event = new Acceptance('evt', { payload: '{"a":1.0}' });

  it('that the router has said nothing of is sent again as it was, once for each time that passes', async () => {
    await books.record(event.accepted);
    expect(await unrouted()).toEqual([]);
    await age();
    expect(await unrouted()).toEqual([event.accepted]);
    expect(await unrouted()).toEqual([]);
    await age();
    expect(await unrouted()).toHaveLength(1);
  });

  it.each([
    ['routed', event.routed('nothing')],
    ['left out as a repeat', event.repeated],
  ])('that was %s is left alone', async (_what, message) => {
    await books.record(event.accepted);
    await books.record(message);
    await age();
    expect(await unrouted()).toEqual([]);
  });

  it('is left alone while it is a dead letter, and sent again when that is gone', async () => {
    await books.record(event.accepted);
    await age();
    const parked = new ParkedRepository(books.database);
    await parked.keep(deadLetter('router.route-event', { acceptanceId: event.accepted.acceptanceId }));
    expect(await unrouted()).toEqual([]);
    await parked.drop('prk_1');
    expect(await unrouted()).toHaveLength(1);
  });

  it('whose sending again fails is tried again', async () => {
    await books.record(event.accepted);
    await age();
    await expect(sweep.repeatUnrouted(1000, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await unrouted()).toHaveLength(1);
  });
});

describe('a delivery', () => {
  const event = new Acceptance('evt');
  const lost = (): Promise<boolean> => Promise.resolve(true);
  const waiting = (): Promise<boolean> => Promise.resolve(false);

  beforeEach(async () => {
    await books.record(event.accepted);
    await books.record(event.routed());
  });

  it('of which nothing came back is due again under the same number, as a repeat', async () => {
    expect(await sweep.repeatUnreported(1000, lost)).toBe(0);
    await age();
    expect(await sweep.repeatUnreported(1000, lost)).toBe(1);
    const [request] = await books.release();
    expect(request).toMatchObject({ deliveryId: event.deliveryId, attempt: 1, repeated: true });
  });

  it('that still waits in a queue is left there', async () => {
    await age();
    expect(await sweep.repeatUnreported(1000, waiting)).toBe(0);
    expect(await books.release()).toEqual([]);
  });

  it('whose request or report is a dead letter is left alone, until that is gone', async () => {
    const parked = new ParkedRepository(books.database);
    for (const queue of ['dispatcher.deliver-event.p1', 'ledger.record-attempt']) {
      await age();
      await parked.keep(deadLetter(queue, { deliveryId: event.deliveryId }));
      expect(await sweep.repeatUnreported(1000, lost)).toBe(0);
      await parked.drop('prk_1');
    }
    expect(await sweep.repeatUnreported(1000, lost)).toBe(1);
  });

  it('that was reported is left alone', async () => {
    await books.record(event.attempted(1, 200));
    await age();
    expect(await sweep.repeatUnreported(1000, lost)).toBe(0);
  });

  it('that is due by itself is left to the timetable', async () => {
    await books.record(event.attempted(1, 500));
    await age();
    expect(await sweep.repeatUnreported(1000, lost)).toBe(0);
  });
});
