import { audit, type Evidence } from './audit.js';
import type { RecordedDelivery } from './books.js';
import type { Intent, Sighting } from './journal.js';
import type { Destination } from './world.js';

const destination: Destination = {
  id: 'dst_1',
  secret: '',
  tenantId: 't',
  path: '/t/0',
  eventTypes: ['order.0'],
  behaviour: 'ok',
};
const intent: Intent = {
  eventId: 'e',
  tenantId: 't',
  eventType: 'order.0',
  door: 'http',
  hash: 'h',
  tries: 1,
  acknowledgedAtMs: 1,
};
const sighting: Sighting = {
  path: '/t/0',
  eventId: 'e',
  hash: 'h',
  isVerified: true,
  atMs: 1000,
  status: 200,
};
const attempt = { number: 1, statusCode: 200, repeated: false };
const delivery: RecordedDelivery = {
  id: 'dlv_1',
  tenantId: 't',
  eventId: 'e',
  destinationId: 'dst_1',
  status: 'delivered',
  attemptCount: 1,
  attempts: [attempt],
};

const evidence = (
  changes: Partial<Evidence> & { deliveries?: readonly RecordedDelivery[] } = {},
): Evidence => ({
  intents: [intent],
  sightings: [sighting],
  destinations: [destination],
  books: { eventIds: new Set(['e']), deliveries: changes.deliveries ?? [delivery] },
  timetable: { scheduleMs: [300], jitter: 0.2 },
  slackMs: 2000,
  overAtMs: 0,
  onlyRecorded: false,
  ...changes,
});
const at = (atMs: number, status = 200): Sighting => ({ ...sighting, atMs, status });
const attempts = (...statusCodes: number[]) =>
  statusCodes.map((statusCode, index) => ({ number: index + 1, statusCode, repeated: false }));

describe('the oracle', () => {
  it('finds nothing where everything that was accepted arrived once', () => {
    expect(audit(evidence())).toMatchObject({
      published: 1,
      lost: [],
      unexpected: [],
      recovered: 0,
      duplicated: [],
      unrecorded: [],
      mistimed: [],
    });
  });

  it.each<[string, Partial<Evidence> & { deliveries?: readonly RecordedDelivery[] }]>([
    ['has no delivery', { deliveries: [], sightings: [] }],
    ['was never tried', { deliveries: [{ ...delivery, status: 'pending', attempts: [] }], sightings: [] }],
    ['is said to be delivered and never arrived', { sightings: [at(1000, 500)] }],
    [
      'was given up too early',
      { deliveries: [{ ...delivery, status: 'failed' }], sightings: [at(1000, 500)] },
    ],
    ['is not in the history', { books: { eventIds: new Set(), deliveries: [delivery] } }],
  ])('counts as lost what %s', (_what, changes) => {
    expect(audit(evidence(changes)).lost).toHaveLength(1);
  });

  it('does not count as lost what only the broker knew, where the broker lost everything', () => {
    const nothing = { deliveries: [], sightings: [], books: { eventIds: new Set<string>(), deliveries: [] } };
    expect(audit(evidence({ ...nothing, onlyRecorded: true })).lost).toEqual([]);
    const recorded = { deliveries: [], sightings: [], onlyRecorded: true };
    expect(audit(evidence(recorded)).lost).toHaveLength(1);
  });

  it('asks for no record of what only the broker knew, where the broker lost everything', () => {
    const arrived = { deliveries: [], books: { eventIds: new Set<string>(), deliveries: [] } };
    expect(audit(evidence({ ...arrived, onlyRecorded: true })).unrecorded).toEqual([]);
    expect(audit(evidence(arrived)).unrecorded).toHaveLength(1);
    expect(audit(evidence({ deliveries: [], onlyRecorded: true })).unrecorded).toHaveLength(1);
  });

  it('does not count as lost what was never accepted', () => {
    const { acknowledgedAtMs: _, ...unacknowledged } = intent;
    const nothing = { deliveries: [], sightings: [], books: { eventIds: new Set<string>(), deliveries: [] } };
    expect(audit(evidence({ intents: [unacknowledged], ...nothing })).lost).toEqual([]);
  });

  it.each([
    ['another event', { eventId: 'x' }],
    ['an event of another type', { path: '/t/1' }],
    ['other bytes', { hash: 'x' }],
    ['a wrong signature', { isVerified: false }],
  ])('counts %s as unexpected', (_what, changes) => {
    expect(audit(evidence({ sightings: [sighting, { ...sighting, ...changes }] })).unexpected).toHaveLength(
      1,
    );
  });

  it('counts what came again after a 2xx as duplicated, and a retry after a failure not', () => {
    expect(audit(evidence({ sightings: [at(1000), at(1300)] })).duplicated).toHaveLength(1);
    expect(audit(evidence({ sightings: [at(1000, 500), at(1300)] })).duplicated).toEqual([]);
  });

  it('wants an attempt for each request, or a mark that one was repeated', () => {
    const sightings = [at(1000), at(1300)];
    expect(audit(evidence({ sightings })).unrecorded).toHaveLength(1);
    const marked = [{ ...delivery, attempts: [{ ...attempt, repeated: true }] }];
    expect(audit(evidence({ sightings, deliveries: marked })).unrecorded).toEqual([]);
    expect(audit(evidence({ sightings: [] })).unrecorded).toHaveLength(1);
  });

  it('wants retries within the schedule, its jitter and the slack of the fault', () => {
    const retried = (gapMs: number) =>
      audit(
        evidence({
          sightings: [at(1000, 500), at(1000 + gapMs)],
          deliveries: [{ ...delivery, attempts: attempts(500, 200) }],
        }),
      ).mistimed;
    expect(retried(300)).toEqual([]);
    expect(retried(2300)).toEqual([]);
    expect(retried(200)).toHaveLength(1);
    expect(retried(2400)).toHaveLength(1);
  });

  it('counts what a fault held up as late from when the fault was over, and what is early all the same', () => {
    const retried = (gapMs: number) =>
      audit(
        evidence({
          overAtMs: 31_000,
          sightings: [at(1000, 500), at(1000 + gapMs)],
          deliveries: [{ ...delivery, attempts: attempts(500, 200) }],
        }),
      ).mistimed;
    expect(retried(32_000)).toEqual([]);
    expect(retried(32_100)).toHaveLength(1);
    expect(retried(200)).toHaveLength(1);
  });

  it('lets an endpoint that has too much to do be left alone for longer, and not be tried earlier', () => {
    const slowed = (gapMs: number) =>
      audit(
        evidence({
          destinations: [{ ...destination, behaviour: '429' }],
          sightings: [at(1000, 429), at(1000 + gapMs)],
          deliveries: [{ ...delivery, attempts: attempts(429, 200) }],
        }),
      ).mistimed;
    expect(slowed(60_000)).toEqual([]);
    expect(slowed(200)).toHaveLength(1);
  });

  it('wants what was replayed twice, at any time, and no more often', () => {
    const sentAgain = (...sightings: Sighting[]) =>
      audit(
        evidence({
          replayed: new Set(['dlv_1']),
          sightings,
          deliveries: [{ ...delivery, attempts: attempts(...sightings.map(({ status }) => status)) }],
        }),
      );
    expect(sentAgain(at(1000), at(90_000))).toMatchObject({ lost: [], duplicated: [], mistimed: [] });
    expect(sentAgain(at(1000)).lost).toHaveLength(1);
    expect(sentAgain(at(1000), at(2000), at(3000)).duplicated).toHaveLength(1);
  });
});
