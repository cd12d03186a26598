import type { RetiringSecret } from '#libs/contracts';
import type { DestinationRow } from '../registry.tables.js';

type Secrets = Pick<DestinationRow, 'sealed_secrets' | 'retiring_secrets' | 'retire_at'>;

/** How many may sign one webhook: each makes its header longer, and its receiver's work. */
export const maxSigning = 5;

export interface Rotation {
  readonly sealed: string;
  readonly overlapMs: number;
  readonly now: Date;
}

/**
 * A new secret takes the place of the present one, which signs along until the overlap is over. No earlier one signs
 * longer than that: a secret that got into wrong hands is ended by a rotation without an overlap.
 * @returns undefined if more would sign at once than may.
 */
export function rotate(
  row: Omit<Secrets, 'retire_at'>,
  { sealed, overlapMs, now }: Rotation,
): Secrets | undefined {
  const until = new Date(now.getTime() + overlapMs).toISOString();
  const present = row.sealed_secrets.map((old) => ({ sealed: old, validUntil: until }));
  const earlier = row.retiring_secrets.map((old) => ({
    ...old,
    validUntil: earlierOf(old.validUntil, until),
  }));
  const retiring = stillSigning([...present, ...earlier], now);
  if (retiring.length >= maxSigning) return undefined;
  return { sealed_secrets: [sealed], retiring_secrets: retiring, retire_at: nextEnd(retiring) };
}

/** Takes away what signs no longer. @returns undefined if there is nothing of the kind. */
export function retire(
  { retiring_secrets }: Pick<Secrets, 'retiring_secrets'>,
  now: Date,
): Pick<Secrets, 'retiring_secrets' | 'retire_at'> | undefined {
  const retiring = stillSigning(retiring_secrets, now);
  if (retiring.length === retiring_secrets.length) return undefined;
  return { retiring_secrets: retiring, retire_at: nextEnd(retiring) };
}

function stillSigning(secrets: readonly RetiringSecret[], now: Date): RetiringSecret[] {
  return secrets.filter(({ validUntil }) => Date.parse(validUntil) > now.getTime());
}

function nextEnd(secrets: readonly RetiringSecret[]): Date | null {
  const ends = secrets.map(({ validUntil }) => Date.parse(validUntil));
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

function earlierOf(one: string, other: string): string {
  return Date.parse(one) < Date.parse(other) ? one : other;
}
