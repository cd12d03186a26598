import { type Look, nextLook } from './next-look.js';

const later = new Date('2026-01-01T00:00:00Z');
const look = (changes: Partial<Look> = {}): Look => ({
  open: false,
  ratePerSecond: null,
  room: 10,
  taken: 10,
  sent: 10,
  stuckForMs: 1000,
  nextDueAt: undefined,
  isNextDue: false,
  ...changes,
});
const moreDue = { nextDueAt: later, isNextDue: true };

describe('a lane', () => {
  it('is given up when nothing waits in it', () => {
    expect(nextLook(look(), 30_000)).toBeUndefined();
    expect(nextLook(look({ taken: 0, sent: 0 }), 30_000)).toBeUndefined();
  });

  it('is looked at when the next delivery is due', () => {
    expect(nextLook(look({ nextDueAt: later }), 30_000)).toEqual({ afterMs: 0, at: later });
  });

  it('has its next turn at once when only its part of the batch was used up', () => {
    expect(nextLook(look({ ...moreDue, taken: 4, sent: 4 }), 30_000)).toEqual({ afterMs: 0 });
  });

  it('waits for room when its destination has as much as it may, the longer the later it comes free', () => {
    const stuckFor = (stuckForMs: number) => look({ ...moreDue, room: 0, taken: 0, sent: 0, stuckForMs });
    expect(nextLook(look(moreDue), 30_000)).toEqual({ afterMs: 50 });
    expect(nextLook(stuckFor(50), 30_000)).toEqual({ afterMs: 50 });
    expect(nextLook(stuckFor(300), 30_000)).toEqual({ afterMs: 150 });
    expect(nextLook(stuckFor(2000), 30_000)).toEqual({ afterMs: 250 });
  });

  it('is not given up for what could not be sent', () => {
    expect(nextLook(look({ sent: 9 }), 30_000)).toEqual({ afterMs: 250 });
  });

  it('keeps to the rate of its destination, also when nothing waits just now', () => {
    expect(nextLook(look({ ratePerSecond: 20 }), 30_000)).toEqual({ afterMs: 500, paused: true });
    expect(nextLook(look({ ratePerSecond: 0.1, taken: 1, sent: 1, room: 1, ...moreDue }), 30_000)).toEqual({
      afterMs: 10_000,
      paused: true,
      at: later,
    });
  });

  it('of an open circuit is left alone after a probe, and looked at soon when none could be sent', () => {
    const probe = look({ open: true, room: 1, taken: 1, sent: 1, ratePerSecond: 5, ...moreDue });
    expect(nextLook(probe, 30_000)).toEqual({ afterMs: 30_000, paused: true, at: later });
    expect(nextLook({ ...probe, sent: 0 }, 30_000)).toEqual({ afterMs: 250 });
  });
});
