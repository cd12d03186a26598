import { type EventFilter, readFilter } from '#libs/filter';
import type { Subscription } from './subscriptions.js';
import { TypePatterns } from './type-patterns.js';

export interface DestinationSettings {
  readonly destination_id: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly event_types: readonly string[];
  readonly filter: object | null;
}

/** What a destination without anything takes, and what its settings take more than their text once they are read. */
const [bytesOfOne, growth] = [1000, 25];

/** @param onUnreadable for a filter that a newer registry wrote: it holds nothing back. Rather too much than a loss. */
export function subscriptionOf(
  row: DestinationSettings,
  onUnreadable: (faults: object) => void,
): Subscription {
  return {
    destinationId: row.destination_id,
    destinationVersion: row.version,
    enabled: row.enabled,
    eventTypes: row.event_types,
    types: new TypePatterns(row.event_types),
    ...(row.filter && { filter: compiled(row.filter, onUnreadable) }),
    bytes: bytesOfOne + growth * (row.event_types.join().length + JSON.stringify(row.filter ?? 0).length),
  };
}

function compiled(filter: object, onUnreadable: (faults: object) => void): EventFilter | undefined {
  const read = readFilter(filter);
  if ('filter' in read) return read.filter;
  onUnreadable(read.faults);
  return undefined;
}
