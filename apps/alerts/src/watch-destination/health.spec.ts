import { type Health, observe, type Recovery, renewed, type Seen, unknownHealth } from './health.js';

const at = (atMs: number, changes: Partial<Seen> = {}): Seen => ({
  attempt: `dlv_${atMs} 1`,
  version: 1,
  atMs,
  delivered: false,
  ...changes,
});
const success = (atMs: number, version = 1): Seen => at(atMs, { delivered: true, version });

const after = (...attempts: readonly Seen[]): { health: Health; recoveries: Recovery[] } => {
  let health = unknownHealth;
  const recoveries: Recovery[] = [];
  for (const attempt of attempts) {
    const seen = observe(health, attempt);
    health = seen.health;
    if (seen.recovery) recoveries.push(seen.recovery);
  }
  return { health, recoveries };
};
const streakAfter = (...attempts: readonly Seen[]) => {
  const { failures, failingSinceMs } = after(...attempts).health;
  return [failures, failingSinceMs];
};

describe('a streak of failures', () => {
  it('counts from the first failure after the last success', () => {
    expect(streakAfter(at(1), at(2), success(3), at(4), at(5))).toEqual([2, 4]);
    expect(streakAfter(at(1), success(2))).toEqual([0, undefined]);
  });

  it('counts an attempt once, however often it is reported', () => {
    expect(streakAfter(at(1), at(2), at(1), at(2))).toEqual([2, 1]);
    expect(streakAfter(at(1), at(5, { attempt: 'dlv_1 1' }))).toEqual([1, 1]);
    expect(streakAfter(at(1), success(2), at(1))).toEqual([0, undefined]);
  });

  it('is the same in whatever order the reports come', () => {
    const attempts = [at(1), success(2), at(3), at(4), success(5), at(6), at(7)];
    for (let turn = 0; turn < attempts.length; turn++) {
      const turned = [...attempts.slice(turn), ...attempts.slice(0, turn)];
      expect(streakAfter(...turned)).toEqual([2, 6]);
      expect(streakAfter(...turned.toReversed())).toEqual([2, 6]);
    }
  });

  it('goes on counting beyond what it remembers, and still counts nothing twice', () => {
    const many = Array.from({ length: 250 }, (_, index) => at(index + 1));
    expect(streakAfter(...many, ...many)).toEqual([250, 1]);
    expect(after(...many).health.remembered).toHaveLength(100);
  });

  it('that a very late success breaks is not made longer than is known', () => {
    const many = Array.from({ length: 250 }, (_, index) => at(index + 1));
    const { health, recoveries } = after(...many, success(10));
    expect([health.failures, health.failingSinceMs]).toEqual([100, 151]);
    expect(recoveries).toEqual([{ failures: 0, wasDisabled: false }]);
  });

  it('begins anew when the destination is renewed, and old attempts do not count for it', () => {
    const { health } = after(at(1), at(2));
    const fresh = renewed(health, 3);
    expect(fresh.failures).toBe(0);
    expect(observe(fresh, at(3, { version: 2 })).health).toBe(fresh);
    expect(observe(fresh, at(4, { version: 3 })).health.failures).toBe(1);
    expect(renewed(health, 1)).toBe(health);
  });
});

describe('a recovery', () => {
  it('is the first success after failures, and says how many there were', () => {
    const { recoveries } = after(success(1), at(2), at(3), success(4), success(5), success(4));
    expect(recoveries).toEqual([
      { failures: 0, wasDisabled: false },
      { failures: 2, wasDisabled: false },
      { failures: 0, wasDisabled: false },
    ]);
  });

  it('is the first success of a version after the one that was disabled', () => {
    const health = renewed({ ...after(at(1)).health, disabledVersion: 1 }, 3);
    expect(observe(health, success(2, 1)).recovery).toBeUndefined();
    const first = observe(health, success(3, 3));
    expect(first.recovery?.wasDisabled).toBe(true);
    expect(observe(first.health, success(4, 3)).recovery?.wasDisabled).toBe(false);
  });
});
