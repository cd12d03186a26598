import { type ApiScope, Problem, publicTenantId } from '#libs/contracts';

/** Who calls, as their key tells. */
export interface Caller {
  /** The key's id; `root` for the root key. */
  readonly keyId: string;
  readonly scopes: readonly ApiScope[];
  /** The reference of the only tenant that this key sees. */
  readonly tenantId: string | undefined;
  /** When the key ends; undefined for a key without an end. */
  readonly expiresAtMs: number | undefined;
}

export interface Wanted {
  readonly scope: ApiScope;
  /** The public id of the tenant whose things the path is about; undefined if it is not about one tenant. */
  readonly tenantId: string | undefined;
}

/**
 * May this caller do this?
 * @returns the reason if not.
 */
export function refusalOf(caller: Caller, wanted: Wanted): Problem | undefined {
  if (caller.tenantId !== undefined) {
    const refusal = refusalOfBound(caller.tenantId, wanted);
    if (refusal) return refusal;
  }
  if (caller.scopes.includes(wanted.scope) || caller.scopes.includes('admin')) return undefined;
  return new Problem('insufficient_scope', `This key does not have the scope ${wanted.scope}.`);
}

/**
 * A key that is bound to a tenant learns nothing about the others: theirs are not there, whether they exist or not, and
 * that is said before anything is looked up.
 */
function refusalOfBound(ownTenantId: string, { scope, tenantId }: Wanted): Problem | undefined {
  if (scope === 'admin' || tenantId === undefined)
    return new Problem('insufficient_scope', 'A key that is bound to a tenant may not do this.');
  return tenantId === publicTenantId(ownTenantId)
    ? undefined
    : new Problem('not_found', 'There is no such tenant.');
}
