import type { Pace } from './paces.js';

/**
 * How many attempts of one partition a process has under way at once. The share of those that do not answer is small,
 * so there have to be many; each costs a socket, and its payload twice in memory.
 */
export const slotsPerPartition = 100;

/** Destinations of a pace share these, those of all tenants together and those of one tenant among them. */
export const slotsOfPace: Readonly<Record<Pace, { readonly together: number; readonly ofTenant: number }>> = {
  quick: { together: slotsPerPartition, ofTenant: slotsPerPartition },
  unknown: { together: slotsPerPartition / 2, ofTenant: slotsPerPartition / 2 },
  slow: { together: slotsPerPartition / 10, ofTenant: slotsPerPartition / 20 },
};
/**
 * A tenant may hold so many slots for each one that is free: alone three quarters of all where all its destinations
 * answer quickly, else one quarter. Whoever floods and however many do, some are free for whoever comes next.
 */
const perFreeSlot = { all: 3, notQuick: 1 / 3 };

/** Attempts under way in this process. */
export interface UnderWay {
  readonly destination: number;
  /** Of the destination's partition, and of its tenant in that partition. */
  readonly partition: Readonly<Record<Pace, number>>;
  readonly tenant: Readonly<Record<Pace, number>>;
}

/** What an attempt has no room in. */
export type Limit = 'destination' | 'pace' | 'tenant';

/** @returns the limit that an attempt would be over, or undefined if it may begin. */
export function limitReached(
  underWay: UnderWay,
  { share, pace }: { share: number; pace: Pace },
): Limit | undefined {
  const { destination, partition, tenant } = underWay;
  if (destination >= share) return 'destination';
  const { together, ofTenant } = slotsOfPace[pace];
  if (partition[pace] >= together) return 'pace';
  if (tenant[pace] >= ofTenant) return 'tenant';
  const free = slotsPerPartition - sum(partition);
  if (pace !== 'quick' && tenant.slow + tenant.unknown >= free * perFreeSlot.notQuick) return 'tenant';
  return sum(tenant) >= free * perFreeSlot.all ? 'tenant' : undefined;
}

function sum({ quick, unknown, slow }: Readonly<Record<Pace, number>>): number {
  return quick + unknown + slow;
}
