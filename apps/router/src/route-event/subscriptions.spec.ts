import { readFilter } from '#libs/filter';
import { Subscriptions } from './subscriptions.js';

const filtered = (filter: object) => {
  const read = readFilter(filter);
  return 'filter' in read ? { filter: read.filter } : {};
};
const subscription = (destinationId: string, eventTypes: string[], rest: object = {}) => ({
  destinationId,
  destinationVersion: 1,
  enabled: true,
  eventTypes,
  ...rest,
});
const event = (body: string, rest: object = {}) => ({
  eventId: 'evt_1',
  eventType: 'invoice.paid',
  timestamp: '2026-01-31T12:00:00Z',
  body: Buffer.from(body),
  ...rest,
});

const large = filtered({ data: { amount: [{ numeric: ['>', 100] }] } });
const subscriptions = new Subscriptions([
  subscription('all', ['#']),
  subscription('large', ['invoice.*'], large),
  subscription('other-type', ['user.*'], large),
  subscription('early', ['#'], filtered({ timestamp: [{ prefix: '2026-01' }], id: ['evt_1'] })),
]);
const idsFor = (given: ReturnType<typeof event>): string[] =>
  subscriptions.matching(given).map(({ destinationId }) => destinationId);

describe('the subscriptions of a tenant', () => {
  it('match by type first, and then by their filters', () => {
    expect(idsFor(event('{"amount":101}'))).toEqual(['all', 'large', 'early']);
    expect(idsFor(event('{"amount":100}'))).toEqual(['all', 'early']);
    expect(idsFor(event('{"amount":101}', { timestamp: '2026-02-01T00:00:00Z' }))).toEqual(['all', 'large']);
  });

  it('with a filter on data never match what is not JSON, whatever it says of itself', () => {
    expect(idsFor(event('amount=101'))).toEqual(['all', 'early']);
    expect(idsFor(event('{"amount":101}', { contentType: 'text/plain' }))).toEqual(['all', 'early']);
    expect(idsFor(event('{"amount":101}', { contentType: 'application/vnd.x+json; a=b' }))).toContain(
      'large',
    );
  });

  it('leave the bytes of the payload alone', () => {
    const given = event('{"amount":101.0, "amount":1e400}');
    const before = Buffer.from(given.body);
    expect(idsFor(given)).toContain('large');
    expect(given.body.equals(before)).toBe(true);
  });

  it('are asked for their payload only where a filter of that type is on it', () => {
    const unread = {
      ...event(''),
      get body(): Buffer {
        throw new Error('parsed');
      },
    };
    const ofType = new Subscriptions([
      subscription('typed', ['#'], filtered({ type: [{ prefix: 'invoice.' }] })),
      subscription('other-type', ['user.*'], large),
    ]);
    expect(ofType.matching(unread)).toHaveLength(1);
    expect(() => ofType.matching({ ...event(''), eventType: 'user.created' })).not.toThrow();
  });
});
