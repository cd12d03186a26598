import type { Actor, FieldError, NewApiKey } from '#libs/contracts';

type Maker = Pick<Actor, 'scopes' | 'tenantId' | 'expiresAt'>;

/**
 * No key makes a key that may do more than itself, for another tenant, or for longer.
 * @returns what is wrong with a new key that `maker` asks for.
 */
export function judgeNewKey(input: NewApiKey, maker: Maker, nowMs: number): FieldError[] {
  const faults = [judgeEnd(input.expiresAt ?? undefined, maker.expiresAt, nowMs), judgeTenant(input, maker)];
  return [...faults.flatMap((fault) => fault ?? []), ...judgeScopes(input, maker)];
}

function judgeEnd(end: string | undefined, bound: string | undefined, nowMs: number): FieldError | undefined {
  const path = 'expiresAt';
  if (end !== undefined && !(Date.parse(end) > nowMs))
    return { path, message: 'expiresAt must be a time to come' };
  if (bound === undefined) return undefined;
  if (end !== undefined && Date.parse(end) <= Date.parse(bound)) return undefined;
  return { path, message: `expiresAt must be at most ${bound}, when the API key of this request expires` };
}

function judgeTenant({ tenantId }: NewApiKey, maker: Maker): FieldError | undefined {
  if (maker.tenantId === undefined || tenantId === maker.tenantId) return undefined;
  return {
    path: 'tenantId',
    message: `tenantId must be ${maker.tenantId}, as of the API key of this request`,
  };
}

function judgeScopes({ scopes }: NewApiKey, maker: Maker): FieldError[] {
  if (maker.scopes.includes('admin')) return [];
  const missing = scopes.filter((scope) => !maker.scopes.includes(scope));
  return missing.map((scope) => ({
    path: 'scopes',
    message: `${scope} is not a scope of the API key of this request`,
  }));
}
