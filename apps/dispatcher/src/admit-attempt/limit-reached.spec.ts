import { limitReached, slotsPerPartition } from './limit-reached.js';
import type { Pace } from './paces.js';

const none = { quick: 0, unknown: 0, slow: 0 };
const nobody = { destination: 0, partition: none, tenant: none };

/** Takes a partition's slots one after another, each for another destination, until one is refused. */
const flood = (held: Record<Pace, number>, pace: Pace): number => {
  const partition = { ...held };
  const tenant = { ...none };
  while (!limitReached({ destination: 0, partition, tenant }, { share: 10, pace })) {
    partition[pace]++;
    tenant[pace]++;
  }
  return tenant[pace];
};

describe('room for an attempt', () => {
  it('is there up to the share of the destination', () => {
    expect(limitReached({ ...nobody, destination: 1 }, { share: 2, pace: 'quick' })).toBeUndefined();
    expect(limitReached({ ...nobody, destination: 2 }, { share: 2, pace: 'quick' })).toBe('destination');
    expect(limitReached(nobody, { share: 0, pace: 'quick' })).toBe('destination');
  });

  it('is a tenth of the slots for all slow destinations, and half of that for one tenant', () => {
    expect(flood(none, 'slow')).toBe(slotsPerPartition / 20);
    expect(flood({ ...none, slow: slotsPerPartition / 20 }, 'slow')).toBe(slotsPerPartition / 20);
    expect(flood({ ...none, slow: slotsPerPartition / 10 }, 'slow')).toBe(0);
  });

  it('is a quarter of the slots for what a tenant never tried, and three quarters for what answers quickly', () => {
    expect(flood(none, 'unknown')).toBe(slotsPerPartition / 4);
    expect(flood(none, 'quick')).toBe((slotsPerPartition * 3) / 4);
  });

  it('is half of the slots for destinations that nobody tried, so that others go on when they all hang', () => {
    const partition = { ...none, unknown: slotsPerPartition / 2 };
    expect(limitReached({ ...nobody, partition }, { share: 1, pace: 'unknown' })).toBe('pace');
    expect(limitReached({ ...nobody, partition }, { share: 1, pace: 'quick' })).toBeUndefined();
  });

  it('is left for the next tenant, whatever the others flood', () => {
    const partition = { ...none, quick: flood(none, 'quick') };
    expect(flood(partition, 'quick')).toBeGreaterThan(slotsPerPartition / 10);
    const hanging = { ...none };
    for (let tenant = 0; tenant < 20; tenant++) hanging.unknown += flood(hanging, 'unknown');
    expect(flood(hanging, 'quick')).toBeGreaterThan(slotsPerPartition / 4);
  });

  it('is refused to who holds much before it is refused to who holds little', () => {
    const partition = { ...none, quick: slotsPerPartition * 0.8 };
    const many = { ...none, quick: slotsPerPartition * 0.6 };
    const few = { ...none, quick: slotsPerPartition * 0.2 };
    expect(limitReached({ destination: 0, partition, tenant: many }, { share: 1, pace: 'quick' })).toBe(
      'tenant',
    );
    expect(
      limitReached({ destination: 0, partition, tenant: few }, { share: 1, pace: 'quick' }),
    ).toBeUndefined();
  });
});
