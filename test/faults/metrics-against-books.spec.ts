import type { RecordedDelivery } from './books.js';
import { type Compared, type Counted, contradictions } from './metrics-against-books.js';

const none: Counted = {
  accepted: 0,
  repeated: 0,
  routed: 0,
  told: 0,
  attempts: 0,
  delivered: 0,
  recorded: 0,
  recordedDelivered: 0,
  pids: '1 2',
};
/** One event, published twice; refused by its endpoint once, then delivered. */
const counted: Counted = {
  ...none,
  accepted: 2,
  repeated: 1,
  routed: 4,
  told: 3,
  attempts: 2,
  delivered: 1,
  recorded: 2,
  recordedDelivered: 1,
};
const intent = { eventId: 'e', tenantId: 't', eventType: 'a', door: 'http' as const, hash: 'h', tries: 1 };
const sighting = { path: '/t', eventId: 'e', hash: 'h', isVerified: true, atMs: 1 };
const delivery: RecordedDelivery = {
  id: 'd',
  tenantId: 't',
  eventId: 'e',
  destinationId: 'x',
  status: 'delivered',
  attemptCount: 2,
  attempts: [
    { number: 1, statusCode: 500, repeated: false },
    { number: 2, statusCode: 200, repeated: false },
  ],
};
const compared = (changes: Partial<Counted> = {}, inFlight = 0): Compared => ({
  intents: [
    { ...intent, acknowledgedAtMs: 1 },
    { ...intent, acknowledgedAtMs: 2 },
  ],
  sightings: [
    { ...sighting, status: 500 },
    { ...sighting, status: 200 },
  ],
  books: { eventIds: new Set(['e']), deliveries: [delivery] },
  before: none,
  after: { ...counted, ...changes },
  inFlight,
});

describe('the metrics against the books', () => {
  it('agree where each thing was counted once', () => {
    expect(contradictions(compared())).toEqual([]);
  });

  it.each<[keyof Omit<Counted, 'pids'>, number]>([
    ['accepted', 2],
    ['repeated', 1],
    ['routed', 1],
    ['told', 1],
    ['attempts', 1],
    ['delivered', 1],
    ['recorded', 1],
    ['recordedDelivered', 1],
  ])('differ where %s is one more, or one less', (name, faults) => {
    expect(contradictions(compared({ [name]: counted[name] + 1 }))).toHaveLength(faults);
    expect(contradictions(compared({ [name]: counted[name] - 1 }))).toHaveLength(faults);
  });

  it('agree where a request took the place of one without an answer, and differ where it cannot be that', () => {
    const { sightings } = compared();
    const withReset = (resets: number) =>
      contradictions({
        ...compared(),
        sightings: [...sightings, ...Array.from({ length: resets }, () => ({ ...sighting, status: 0 }))],
      });
    // Two requests were answered; the two attempts of the metrics leave none for a pair of resets.
    expect(withReset(2)).toHaveLength(1);
    const withPair = {
      ...compared({ attempts: 3 }),
      sightings: [...sightings, { ...sighting, status: 0 }, { ...sighting, status: 0 }],
    };
    expect(contradictions(withPair)).toEqual([]);
  });

  it('may differ by what was in flight, and no more', () => {
    expect(contradictions(compared({ routed: 6 }, 2))).toEqual([]);
    expect(contradictions(compared({ routed: 7 }, 2))).toHaveLength(1);
  });

  it('are not compared where a process was restarted: what it had counted is gone', () => {
    expect(contradictions(compared({ attempts: 0, pids: '1 3' }))).toEqual([]);
  });
});
