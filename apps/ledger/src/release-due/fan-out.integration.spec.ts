import { create, deliveryId, EventRouted } from '#libs/contracts';
import { until } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';

const mebibyte = 1024 * 1024;
const destinations = 50;

let books: Books;

beforeEach(async () => {
  books = await Books.open();
});

afterEach(() => books.close());

/** One event for many destinations, whose copies the router has left to the ledger. */
const routed = ({ accepted }: Acceptance): EventRouted => {
  const { tenantId, eventId, eventType, acceptanceId, acceptedAt } = accepted;
  const deliveries = Array.from({ length: destinations }, (_, n) => `dst_${n}`).map((destinationId) => ({
    deliveryId: deliveryId(accepted, destinationId),
    destinationId,
    destinationVersion: 1,
    held: false,
    waiting: true,
  }));
  return create(EventRouted, { tenantId, eventId, eventType, acceptanceId, acceptedAt, deliveries });
};

describe('a large payload for many destinations', () => {
  it('goes at the pace at which its tenant may fill RabbitMQ, to each of them once', async () => {
    const event = new Acceptance('evt', { payload: JSON.stringify('x'.repeat(mebibyte)) });
    await books.record(event.accepted);
    await books.record(routed(event));
    const startedMs = performance.now();
    const first = await books.pass();
    expect(first.length).toBeGreaterThan(10);
    expect(first.length).toBeLessThanOrEqual(16 + (32 * (performance.now() - startedMs)) / 1000);
    for (const { body } of first) expect(body.equals(event.accepted.body)).toBe(true);

    // Another tenant's goes in between.
    const other = new Acceptance('evt', { tenantId: 'other', destinationId: 'dst_other' });
    await books.record(other.accepted);
    await books.record(other.routed());
    await books.record(other.postponed);
    await books.later(1000);
    const all = [...first];
    await until('all of them', async () => {
      await books.wake();
      all.push(...(await books.pass()));
      expect(all.length).toBeLessThanOrEqual(17 + (32 * (performance.now() - startedMs)) / 1000);
      return all.length >= destinations + 1;
    });
    expect(new Set(all.map((request) => request.deliveryId)).size).toBe(destinations + 1);
    expect(all).toHaveLength(destinations + 1);
  });

  it('goes at once to all of them where its copies have room', async () => {
    const event = new Acceptance('evt', { payload: JSON.stringify('x'.repeat(20_000)) });
    await books.record(event.accepted);
    await books.record(routed(event));
    const requests = await books.pass();
    expect(requests).toHaveLength(destinations);
    for (const { body } of requests) expect(body.equals(event.accepted.body)).toBe(true);
  });
});
