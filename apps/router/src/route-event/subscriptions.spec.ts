import type { Published } from './filterable.js';
import { subscriptionOf } from './subscription-of.js';
import { Subscriptions } from './subscriptions.js';
import { Turns } from './turns.js';

const subscription = (destination_id: string, event_types: string[], filter: object | null = null) =>
  subscriptionOf({ destination_id, version: 1, enabled: true, event_types, filter }, () => undefined);
const event = (body: string, rest: object = {}) => ({
  eventId: 'evt_1',
  eventType: 'invoice.paid',
  timestamp: '2026-01-31T12:00:00Z',
  body: Buffer.from(body),
  ...rest,
});

const large = { data: { amount: [{ numeric: ['>', 100] }] } };
const subscriptions = new Subscriptions([
  subscription('all', ['#']),
  subscription('large', ['invoice.*'], large),
  subscription('other-type', ['user.*'], large),
  subscription('early', ['#'], { timestamp: [{ prefix: '2026-01' }], id: ['evt_1'] }),
]);
const idsFor = async (given: Published, of = subscriptions): Promise<string[]> =>
  (await of.matching(given, new Turns())).map(({ destinationId }) => destinationId);

describe('the subscriptions of a tenant', () => {
  it('match by type first, and then by their filters', async () => {
    expect(await idsFor(event('{"amount":101}'))).toEqual(['all', 'large', 'early']);
    expect(await idsFor(event('{"amount":100}'))).toEqual(['all', 'early']);
    expect(await idsFor(event('{"amount":101}', { timestamp: '2026-02-01T00:00:00Z' }))).toEqual([
      'all',
      'large',
    ]);
  });

  it('with a filter on data never match what is not JSON, whatever it says of itself', async () => {
    expect(await idsFor(event('amount=101'))).toEqual(['all', 'early']);
    expect(await idsFor(event('{"amount":101}', { contentType: 'text/plain' }))).toEqual(['all', 'early']);
    expect(await idsFor(event('{"amount":101}', { contentType: 'application/vnd.x+json; a=b' }))).toContain(
      'large',
    );
  });

  it('leave the bytes of the payload alone', async () => {
    const given = event('{"amount":101.0, "amount":1e400}');
    const before = Buffer.from(given.body);
    expect(await idsFor(given)).toContain('large');
    expect(given.body.equals(before)).toBe(true);
  });

  it('are asked for their payload only where a filter of that type is on it', async () => {
    const unread = {
      ...event(''),
      get body(): Buffer {
        throw new Error('parsed');
      },
    };
    const ofType = new Subscriptions([
      subscription('typed', ['#'], { type: [{ prefix: 'invoice.' }] }),
      subscription('other-type', ['user.*'], large),
    ]);
    expect(await idsFor(unread, ofType)).toEqual(['typed']);
    expect(await idsFor({ ...event(''), eventType: 'user.created' }, ofType)).toEqual([]);
  });

  it('see the attributes of a CloudEvent', async () => {
    const of = new Subscriptions([
      subscription('orders', ['#'], { source: [{ prefix: '/orders/' }], extensions: { region: ['eu'] } }),
      subscription('no-source', ['#'], { source: [{ exists: false }] }),
    ]);
    const cloudEvent = JSON.stringify({ source: '/orders/7', region: 'eu' });
    expect(await idsFor(event('{}', { cloudEvent }), of)).toEqual(['orders']);
    expect(await idsFor(event('{}'), of)).toEqual(['no-source']);
  });
});

describe('what one event costs the other work of the process', () => {
  const letters = JSON.stringify({ x: 'a'.repeat(262_000) });
  const wildcard = `*${'a'.repeat(50)}b${'a'.repeat(300)}*`;
  const costly = { data: { x: [{ wildcard }] } };
  const of = new Subscriptions([
    ...Array.from({ length: 50 }, (_, n) => subscription(`costly-${n}`, ['#'], costly)),
    subscription('cheap', ['#'], { data: { x: ['b'] } }),
  ]);

  it('is bounded for all filters together: those that have no result then let it through', async () => {
    const ids = await idsFor(event(letters), of);
    expect(ids).not.toContain('costly-0');
    expect(ids).toContain('costly-49');
    expect(ids).toContain('cheap');
    expect(await idsFor(event(letters), of)).toEqual(ids);
  });

  it('is a turn now and then in between', async () => {
    let count = 0;
    const counted = (): void => {
      count++;
      next = setImmediate(counted);
    };
    let next = setImmediate(counted);
    await of.matching(event(letters), new Turns());
    clearImmediate(next);
    expect(count).toBeGreaterThan(5);
  });
});
