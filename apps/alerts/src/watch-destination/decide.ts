import { type Health, observe, type Recovery, renewed, type Seen } from './health.js';
import { judge, type Known, type Verdict } from './judge.js';

export interface Policy {
  /** 0: never. */
  readonly disableAfterMs: number;
  readonly recoveredAfterFailures: number;
}

export interface Disable {
  readonly kind: 'disable';
  /** The version of the destination that it was judged by. */
  readonly ifVersion: number;
  readonly reason: string;
  readonly consecutiveFailures: number;
  readonly failingSince: string;
  readonly at: string;
}

export interface Recover {
  readonly kind: 'recover';
  /** How many there were; if it was disabled, since it was enabled. */
  readonly consecutiveFailures: number;
  readonly wasDisabled: boolean;
  readonly at: string;
}

export type Decision = Disable | Recover;

/** Tells the decisions on one destination apart; the same decision made again has the same one. */
export function keyOf(decision: Decision): string {
  return decision.kind === 'disable' ? `disable ${decision.ifVersion}` : `recover ${decision.at}`;
}

export interface Decided {
  readonly health: Health;
  readonly decisions: readonly Decision[];
}

const notKnownYet: Known = { version: 0, renewedVersion: 1, deleted: false, enabled: true };

/** What attempts at one destination say of its health, and what is to be done about it. */
export function decide(
  before: Health,
  known: Known = notKnownYet,
  attempts: readonly Seen[],
  policy: Policy,
): Decided {
  if (known.deleted) return { health: before, decisions: [] };
  let health = renewed(before, known.renewedVersion);
  const decisions: Decision[] = [];
  for (const attempt of attempts.toSorted((a, b) => a.atMs - b.atMs)) {
    const { recovery, ...after } = observe(health, attempt);
    health = after.health;
    if (recovery && isWorthTelling(recovery, policy)) decisions.push(recover(recovery, attempt));
  }
  const verdict = judge(health, known, attempts, policy.disableAfterMs);
  if (verdict) decisions.push(disable(health, verdict));
  return { health, decisions };
}

function isWorthTelling({ failures, wasDisabled }: Recovery, { recoveredAfterFailures }: Policy): boolean {
  return wasDisabled || failures >= recoveredAfterFailures;
}

function recover({ failures, wasDisabled }: Recovery, { atMs }: Seen): Recover {
  return { kind: 'recover', consecutiveFailures: failures, wasDisabled, at: timeOf(atMs) };
}

function disable(health: Health, { ifVersion, reason, atMs }: Verdict): Disable {
  return {
    kind: 'disable',
    ifVersion,
    reason,
    consecutiveFailures: health.failures,
    failingSince: timeOf(health.failingSinceMs ?? atMs),
    at: timeOf(atMs),
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
