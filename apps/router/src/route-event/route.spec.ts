import { create, EventAccepted, DeliveryRequested, EventRouted, newId } from '#libs/contracts';
import { ByteAllowances } from '#libs/messaging';
import { route } from './route.js';
import { subscriptionOf } from './subscription-of.js';

const mebibyte = 1024 * 1024;
const event = (bytes: number): EventAccepted =>
  create(EventAccepted, {
    tenantId: 't',
    eventId: newId('evt'),
    eventType: 'a.b',
    timestamp: '2026-01-31T12:00:00.000Z',
    acceptanceId: newId('acc'),
    acceptedAt: '2026-01-31T12:00:00.000Z',
    source: 'http',
    body: Buffer.alloc(bytes, '1'),
  });
const destinations = (count: number, enabled = true) =>
  Array.from({ length: count }, (_, n) =>
    subscriptionOf(
      { destination_id: `dst_${enabled}_${n}`, version: 1, enabled, event_types: ['#'], filter: null },
      () => undefined,
    ),
  );

const routed = (messages: Iterable<object>) => {
  const all = [...messages];
  const requests = all.filter((message) => message instanceof DeliveryRequested);
  const records = all
    .filter((message) => message instanceof EventRouted)
    .flatMap(({ deliveries }) => deliveries);
  const bytes = requests.reduce((sum, { body }) => sum + body.length, 0);
  return { requests, records, bytes };
};

describe('an event for many destinations', () => {
  it('is requested of all of them where its copies are small', () => {
    const { requests, records } = routed(route(event(1000), destinations(1000), new ByteAllowances()));
    expect(requests).toHaveLength(1000);
    expect(records.filter(({ waiting }) => waiting)).toEqual([]);
  });

  it('is requested of so many that their copies have room, and waits for the others', () => {
    const matches = [...destinations(3, false), ...destinations(1000)];
    const { requests, records, bytes } = routed(route(event(200_000), matches, new ByteAllowances()));
    expect(bytes).toBeLessThanOrEqual(16 * mebibyte + 200_000);
    expect(bytes).toBeGreaterThan(15 * mebibyte);
    const requested = new Set(requests.map(({ deliveryId }) => deliveryId));
    expect(records).toHaveLength(1003);
    for (const { deliveryId, held, waiting } of records)
      expect([held, waiting === true, requested.has(deliveryId)].filter(Boolean)).toHaveLength(1);
  });

  it('is counted with the events before it', () => {
    const allowances = new ByteAllowances();
    const first = routed(route(event(200_000), destinations(60), allowances));
    const second = routed(route(event(200_000), destinations(60), allowances));
    expect(first.requests).toHaveLength(60);
    expect(second.requests.length).toBeLessThan(30);
    expect(second.records).toHaveLength(60);
    expect(routed(route(event(200_000), destinations(1), allowances)).requests).toHaveLength(1);
  });
});
