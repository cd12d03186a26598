import { decide, type Decision, type Policy } from './decide.js';
import { type Health, type Seen, unknownHealth } from './health.js';
import type { Known } from './judge.js';

const HOUR = 3_600_000;
const policy: Policy = { disableAfterMs: 120 * HOUR, recoveredAfterFailures: 5 };
const known: Known = { version: 4, renewedVersion: 2, deleted: false, enabled: true };

const attempt = (atMs: number, changes: Partial<Seen> = {}): Seen => ({
  attempt: `dlv_${atMs} 1`,
  version: 4,
  atMs,
  delivered: false,
  statusCode: 500,
  ...changes,
});
const delivered = (atMs: number): Seen => attempt(atMs, { delivered: true, statusCode: 200 });
const gone = (changes: Partial<Seen> = {}): Seen => attempt(1, { statusCode: 410, ...changes });

const decisions = (
  attempts: readonly Seen[],
  { now = known, health = unknownHealth, by = policy }: { now?: Known; health?: Health; by?: Policy } = {},
): readonly Decision[] => decide(health, now, attempts, by).decisions;

describe('410 Gone', () => {
  it('disables at once, by the version that was tried, saying why', () => {
    expect(decisions([gone()])).toEqual([
      {
        kind: 'disable',
        ifVersion: 4,
        reason: 'endpoint answered 410 Gone',
        consecutiveFailures: 1,
        failingSince: '1970-01-01T00:00:00.001Z',
        at: '1970-01-01T00:00:00.001Z',
      },
    ]);
  });

  it('disables also when failures never do, and when the same attempt is reported again', () => {
    expect(decisions([gone()], { by: { ...policy, disableAfterMs: 0 } })).toHaveLength(1);
    const { health } = decide(unknownHealth, known, [gone()], policy);
    expect(decisions([gone()], { health })).toHaveLength(1);
  });

  it('goes by the newer version where the destination was changed, but neither enabled nor moved, since', () => {
    expect(decisions([gone({ version: 3 })])).toMatchObject([{ ifVersion: 4 }]);
    expect(decisions([gone({ version: 5 })])).toMatchObject([{ ifVersion: 5 }]);
  });

  it('says nothing of a destination that was enabled or moved since', () => {
    expect(decisions([gone({ version: 1 })])).toEqual([]);
  });

  it('says nothing of a destination that is disabled or deleted', () => {
    expect(decisions([gone()], { now: { ...known, enabled: false } })).toEqual([]);
    expect(decisions([gone()], { now: { ...known, deleted: true } })).toEqual([]);
    expect(decisions([gone()], { health: { ...unknownHealth, disabledVersion: 4 } })).toEqual([]);
  });
});

describe('nothing but failure', () => {
  const lasting = (ms: number) => [attempt(1000), attempt(1000 + ms)];

  it('for five days disables, and for less does not', () => {
    expect(decisions(lasting(120 * HOUR - 1))).toEqual([]);
    expect(decisions(lasting(120 * HOUR))).toMatchObject([
      { kind: 'disable', ifVersion: 4, reason: 'every attempt has failed for 5d', consecutiveFailures: 2 },
    ]);
  });

  it('does not disable with a success in between', () => {
    expect(decisions([...lasting(120 * HOUR), delivered(5000)])).toEqual([]);
  });

  it('never disables if that is switched off', () => {
    expect(decisions(lasting(1000 * HOUR), { by: { ...policy, disableAfterMs: 0 } })).toEqual([]);
  });

  it('before the destination was enabled does not count', () => {
    const { health } = decide(unknownHealth, known, [attempt(1000)], policy);
    const now = { ...known, version: 6, renewedVersion: 6 };
    const late = attempt(1000 + 120 * HOUR, { version: 6 });
    expect(decisions([late], { health })).toHaveLength(1);
    expect(decisions([late], { health, now })).toEqual([]);
  });
});

describe('a success', () => {
  const failures = (count: number) => Array.from({ length: count }, (_, index) => attempt(index + 1));

  it('after five failures is told as a recovery, and after four is not', () => {
    expect(decisions([...failures(5), delivered(100)])).toEqual([
      {
        kind: 'recover',
        consecutiveFailures: 5,
        wasDisabled: false,
        at: '1970-01-01T00:00:00.100Z',
      },
    ]);
    expect(decisions([...failures(4), delivered(100)])).toEqual([]);
  });

  it('is told once after the destination was disabled by us', () => {
    const { health, decisions: told } = decide(
      { ...unknownHealth, disabledVersion: 3 },
      known,
      [delivered(1)],
      policy,
    );
    expect(told).toMatchObject([{ kind: 'recover', wasDisabled: true }]);
    expect(decisions([delivered(1), delivered(2)], { health })).toEqual([]);
  });
});
