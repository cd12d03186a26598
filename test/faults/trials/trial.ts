import type { DnsServer } from '#libs/testing';
import type { AmqpDoor } from '../amqp-door.js';
import type { Intent, Sighting } from '../journal.js';
import type { Scene } from '../scene.js';

export interface TrialScene extends Scene {
  /** The name server of destinations. */
  readonly nameServer: DnsServer;
  readonly amqp: AmqpDoor;
  readonly random: () => number;
  /** In every id, so that no trial meets what an earlier one has left. */
  readonly prefix: string;
}

export interface TrialResult {
  /** For people. */
  readonly figures: string;
  /** Why it counts as failed; empty if it passed. */
  readonly faults: readonly string[];
}

/** What is not a fault under load but a situation: many, slow, dead, changed. */
export interface Trial {
  readonly name: string;
  readonly what: string;
  readonly inPullRequests?: boolean;
  readonly run: (scene: TrialScene) => Promise<TrialResult>;
}

/** From when an event was accepted to when its first webhook arrived, in milliseconds, for events that did arrive. */
export function latencies(intents: readonly Intent[], sightings: readonly Sighting[]): number[] {
  const first = new Map<string, number>();
  for (const { eventId, atMs } of sightings)
    first.set(eventId, Math.min(atMs, first.get(eventId) ?? Infinity));
  return intents.flatMap(({ eventId, acknowledgedAtMs }) => {
    const arrivedAtMs = first.get(eventId);
    return acknowledgedAtMs === undefined || arrivedAtMs === undefined
      ? []
      : [Math.max(0, arrivedAtMs - acknowledgedAtMs)];
  });
}

/** @param part 0 to 1: 0.99 for what all but one in a hundred stay below. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** Of the 99th percentile beside others who are slow, dead or many, by what it is without them. See docs/adr/0026. */
export function fairLimitMs(baselineMs: number): number {
  return Math.max(2 * baselineMs, baselineMs + 100);
}

/** What was counted otherwise than it should have been. */
export function differences(
  counts: Readonly<Record<string, readonly [seen: number, wanted: number]>>,
): string[] {
  return Object.entries(counts).flatMap(([what, [seen, wanted]]) =>
    seen === wanted ? [] : [`${seen} ${what} instead of ${wanted}`],
  );
}
