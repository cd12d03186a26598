import type { Books, RecordedDelivery } from './books.js';
import type { Intent, Journal, Sighting } from './journal.js';
import { type Destination, matches } from './world.js';

/** The timetable the run was started with. */
export interface Timetable {
  readonly scheduleMs: readonly number[];
  readonly jitter: number;
}

export interface Evidence extends Journal {
  readonly destinations: readonly Destination[];
  readonly books: Books;
  readonly timetable: Timetable;
  /** How much later than its time a retry may come. */
  readonly slackMs: number;
  /** Until when the fault went on: what is planned before may come as late as what is planned then. */
  readonly overAtMs: number;
  /** The ids of deliveries that were delivered, and have to be once more: that is no duplicate. */
  readonly replayed?: ReadonlySet<string> | undefined;
  /** The broker lost what it had: of what the history has not heard of before, it can neither lose nor tell anything. */
  readonly onlyRecorded: boolean;
}

/** What guarantees.md promises, counted. */
export interface Verdict {
  readonly published: number;
  readonly deliveries: number;
  /** I1: accepted, and neither delivered, failed with every attempt made, held, nor cancelled. */
  readonly lost: readonly string[];
  /** I2, I5: arrived, and was not published for that destination with those bytes, or its signature is wrong. */
  readonly unexpected: readonly string[];
  /** I3: publishes that had to be repeated. */
  readonly recovered: number;
  /** I4: answered 2xx, and sent again. */
  readonly duplicated: readonly string[];
  /** I6: seen by an endpoint and not in the API, or the reverse. */
  readonly unrecorded: readonly string[];
  /** I7: tried again too early or too late. */
  readonly mistimed: readonly string[];
  /** Answers that a publisher must not get. */
  readonly wrongAnswers: readonly string[];
}

/** Compares what was meant, what arrived and what the API tells. Pure. */
export function audit(evidence: Evidence): Verdict {
  const { intents, sightings, destinations, books } = evidence;
  const byDestination = new Map(destinations.map((destination) => [destination.id, destination]));
  const seen = groupBy(sightings, (sighting) => keyOf(sighting.eventId, sighting.path));
  const deliveries = new Map(
    books.deliveries.map((delivery) => [
      keyOf(delivery.eventId, byDestination.get(delivery.destinationId)?.path ?? ''),
      delivery,
    ]),
  );
  const expected = intents.flatMap((intent) =>
    destinations
      .filter(
        (destination) => destination.tenantId === intent.tenantId && matches(destination, intent.eventType),
      )
      .map((destination) => ({ intent, key: keyOf(intent.eventId, destination.path) })),
  );
  const expectedKeys = new Set(expected.map(({ key }) => key));
  const overloaded = new Set(
    destinations.filter(({ behaviour }) => behaviour === '429').map(({ path }) => path),
  );
  const full = { ...evidence, seen, deliveries, overloaded };
  const mustBeThere = (intent: Intent): boolean => isAcknowledged(intent) && isToldOf(evidence, intent);
  return {
    published: intents.filter(isAcknowledged).length,
    deliveries: deliveries.size,
    lost: [
      ...expected.filter(({ intent }) => mustBeThere(intent)).flatMap(({ key }) => lossOf(full, key)),
      ...intents
        .filter((intent) => mustBeThere(intent) && !books.eventIds.has(intent.eventId))
        .map((intent) => `${intent.eventId} is not in the history`),
    ],
    unexpected: unexpected(evidence, expectedKeys),
    recovered: intents.filter(({ tries }) => tries > 1).length,
    duplicated: [...seen].flatMap(([key, all]) => duplicatesOf(key, all, successesOf(full, key))),
    unrecorded: unrecorded(full),
    mistimed: [...deliveries].flatMap(([key]) => mistimed(full, key)),
    wrongAnswers: intents.flatMap(({ eventId, wrongAnswer }) =>
      wrongAnswer ? [`${eventId}: ${wrongAnswer}`] : [],
    ),
  };
}

interface Compared extends Evidence {
  readonly seen: ReadonlyMap<string, readonly Sighting[]>;
  readonly deliveries: ReadonlyMap<string, RecordedDelivery>;
  /** The paths of endpoints that say that they have too much to do: they are slowed down, and may be late. */
  readonly overloaded: ReadonlySet<string>;
}

/** Whether the history has to tell of an event. */
function isToldOf(
  { onlyRecorded, books }: Pick<Evidence, 'onlyRecorded' | 'books'>,
  { eventId }: { readonly eventId: string },
): boolean {
  return !onlyRecorded || books.eventIds.has(eventId);
}

function isAcknowledged(intent: Intent): boolean {
  return intent.acknowledgedAtMs !== undefined;
}

function keyOf(eventId: string, path: string): string {
  return `${eventId} → ${path}`;
}

/** How often a delivery is to succeed: once, and once more for a replay. */
function successesOf({ deliveries, replayed }: Compared, key: string): number {
  return replayed?.has(deliveries.get(key)?.id ?? '') ? 2 : 1;
}

function lossOf(compared: Compared, key: string): string[] {
  const { seen, deliveries, timetable } = compared;
  const delivery = deliveries.get(key);
  if (!delivery) return [`${key}: no delivery`];
  const { status, attempts } = delivery;
  if (isFinished[status](attempts.length > timetable.scheduleMs.length)) {
    const arrived = (seen.get(key) ?? []).filter(isSuccess).length;
    const wanted = successesOf(compared, key);
    if (status !== 'delivered' || arrived >= wanted) return [];
    return [`${key}: delivered, and arrived ${arrived} times of ${wanted}`];
  }
  return [`${key}: ${status} after ${attempts.length} attempts`];
}

/** Whether a delivery may stay as it is for good; failed only once the whole schedule is used up. */
const isFinished: Record<RecordedDelivery['status'], (isUsedUp: boolean) => boolean> = {
  pending: () => false,
  retrying: () => false,
  delivered: () => true,
  failed: (isUsedUp) => isUsedUp,
  held: () => true,
  cancelled: () => true,
};

function unexpected({ intents, sightings }: Journal, expectedKeys: ReadonlySet<string>): string[] {
  const hashes = new Map(intents.map((intent) => [intent.eventId, intent.hash]));
  return sightings.flatMap((sighting) => {
    const key = keyOf(sighting.eventId, sighting.path);
    if (!expectedKeys.has(key)) return [`${key}: was not published for it`];
    if (hashes.get(sighting.eventId) !== sighting.hash) return [`${key}: other bytes`];
    return sighting.isVerified ? [] : [`${key}: wrong signature`];
  });
}

function duplicatesOf(key: string, all: readonly Sighting[], wanted: number): string[] {
  return Array.from({ length: Math.max(0, all.filter(isSuccess).length - wanted) }, () => key);
}

/**
 * Every request that an endpoint saw is an attempt; one more than that for each that is marked as repeated. An attempt
 * without an answer may be two requests: a reused connection that ends is replaced once.
 */
function unrecorded({ seen, deliveries, ...evidence }: Compared): string[] {
  const known = [...seen].filter(([, [first]]) => first && isToldOf(evidence, first));
  const keys = new Set([...known.map(([key]) => key), ...deliveries.keys()]);
  return [...keys].flatMap((key) => {
    const requests = seen.get(key)?.length ?? 0;
    const attempts = deliveries.get(key)?.attempts ?? [];
    const marked = attempts.filter(({ repeated }) => repeated).length;
    if (requests < attempts.length) return [`${key}: ${requests} requests, ${attempts.length} attempts`];
    const unanswered = attempts.filter(({ statusCode }) => statusCode === null).length;
    const isExplained = requests <= attempts.length + unanswered || marked > 0;
    return isExplained
      ? []
      : [`${key}: ${requests} requests, ${attempts.length} attempts, none marked as repeated`];
  });
}

function mistimed(compared: Compared, key: string): string[] {
  const { seen, timetable, slackMs, overAtMs, deliveries, overloaded } = compared;
  const all = seen.get(key) ?? [];
  // With a repeated request among them the gaps are not those of the timetable.
  if (all.length !== deliveries.get(key)?.attempts.length) return [];
  // What comes after a success is a replay, and has no time.
  const times = all.slice(0, all.findIndex(isSuccess) + 1 || all.length).map(({ atMs }) => atMs);
  return times.slice(1).flatMap((time, index) => {
    const lastMs = times[index] ?? 0;
    const gapMs = time - lastMs;
    const plannedMs = timetable.scheduleMs[index] ?? 0;
    const early = gapMs < plannedMs * (1 - timetable.jitter) - 5;
    const latestMs = Math.max(lastMs + plannedMs * (1 + timetable.jitter), overAtMs) + slackMs;
    const late = time > latestMs && !overloaded.has(key.slice(key.indexOf('/')));
    return early || late ? [`${key}: retry ${index + 1} after ${gapMs} ms, planned ${plannedMs}`] : [];
  });
}

function isSuccess({ status }: Sighting): boolean {
  return status >= 200 && status < 300;
}

function groupBy<Item>(items: readonly Item[], keyOfItem: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, keyOfItem);
}
