import { type MatchedNow, newId, type RecordedDelivery } from '#libs/contracts';
import { explain } from './explain.js';

const acceptedAt = '2026-01-31T12:00:00.000Z';
const event = {
  eventType: 'invoice.paid',
  acceptedAt,
  isRouted: true,
  payloadErased: false,
  deliveries: [],
};
const before = newId('dst', Date.parse(acceptedAt) - 1);
const now: MatchedNow = {
  destinationId: before,
  enabled: true,
  eventTypes: ['#'],
  typeMatches: true,
  mismatch: null,
  isUnknown: false,
};
const delivery: RecordedDelivery = {
  deliveryId: 'dlv_1',
  destinationId: before,
  status: 'delivered',
  attemptCount: 3,
  nextAttemptAt: null,
  circuitOpen: false,
  lastAttempt: { result: 'refused', statusCode: 503, errorClass: 'http_5xx', startedAt: acceptedAt },
};

describe('why a destination has got an event, or has not', () => {
  it.each<[string, Partial<RecordedDelivery>, string]>([
    ['delivered', {}, 'Delivered at attempt 3.'],
    ['failed', { status: 'failed' }, 'Given up after 3 attempts; the last one was answered 503.'],
    [
      'retrying',
      {
        status: 'retrying',
        lastAttempt: {
          result: 'unreachable',
          statusCode: null,
          errorClass: 'timeout',
          startedAt: acceptedAt,
        },
      },
      'Attempt 3 got no answer (timeout); it is tried again.',
    ],
    ['waiting', { status: 'pending' }, 'It is to be tried for the first time.'],
    ['destination_deleted', { status: 'cancelled' }, 'The destination was deleted before it was delivered.'],
    [
      'destination_disabled',
      { status: 'held' },
      'The destination is disabled: it is held until it is enabled.',
    ],
    [
      'circuit_open',
      { status: 'held', circuitOpen: true },
      'The endpoint does not answer: it is held until it answers a probe.',
    ],
  ])('is recorded: %s', (reason, changes, detail) => {
    const [told, ...others] = explain({ ...event, deliveries: [{ ...delivery, ...changes }] }, [
      { ...now, typeMatches: false },
    ]);
    expect(told).toMatchObject({ reason, detail, basis: 'recorded', deliveryId: 'dlv_1', attempts: 3 });
    expect(told?.delivered).toBe(reason === 'delivered');
    expect(others).toEqual([]);
  });

  it('is recorded: payload_erased', () => {
    const cancelled = { ...delivery, status: 'cancelled' as const };
    expect(explain({ ...event, payloadErased: true, deliveries: [cancelled] }, [])).toMatchObject([
      { reason: 'payload_erased', delivered: false, basis: 'recorded' },
    ]);
  });

  it.each<[string, Partial<MatchedNow>, RegExp]>([
    [
      'event_type_mismatch',
      { typeMatches: false, eventTypes: ['user.*', 'a'] },
      /invoice\.paid .* user\.\*, a\.$/,
    ],
    ['filter_mismatch', { mismatch: 'data.amount' }, / data\.amount /],
    ['payload_expired', { isUnknown: true }, /not kept any more/],
    ['created_after_event', { destinationId: newId('dst', Date.parse(acceptedAt) + 1) }, /created after/],
    ['changed_since', {}, /changed since/],
  ])('is reconstructed from what it is now: %s', (reason, changes, detail) => {
    const [told] = explain(event, [{ ...now, ...changes }]);
    expect(told).toMatchObject({ reason, delivered: false, basis: 'reconstructed' });
    expect(told?.detail).toMatch(detail);
  });

  it('says that an event was delivered without the result of the filter', () => {
    const [told] = explain({ ...event, deliveries: [delivery] }, [{ ...now, isUndecided: true }]);
    expect(told).toMatchObject({ reason: 'delivered', basis: 'recorded' });
    expect(told?.detail).toMatch(/^Delivered at attempt 3\. .* without the result/);
  });

  it('is not known before the event has been routed', () => {
    const [told] = explain({ ...event, isRouted: false }, [{ ...now, typeMatches: false }]);
    expect(told).toMatchObject({ reason: 'not_routed_yet', basis: 'recorded' });
    expect(told?.detail).toMatch(/accepted; .* not been recorded yet/);
  });
});
