import type { ApiScope } from '#libs/contracts';
import { type Caller, refusalOf } from './caller.js';

const caller = (scopes: ApiScope[], tenantId?: string): Caller => ({
  keyId: 'key_1',
  scopes,
  tenantId,
  expiresAtMs: undefined,
});

describe('a key', () => {
  it.each<[string, Caller, [ApiScope, string?], string]>([
    ['does what it has the scope for', caller(['events:read']), ['events:read', 't'], 'allowed'],
    ['does nothing else', caller(['events:read']), ['events:write', 't'], 'insufficient_scope'],
    ['with admin does everything', caller(['admin']), ['secrets:read', 't'], 'allowed'],
    ['with admin does what is the operator’s', caller(['admin']), ['admin'], 'allowed'],
    [
      'without admin does nothing of the operator’s',
      caller(['events:read']),
      ['admin', 't'],
      'insufficient_scope',
    ],
    ['bound to a tenant acts for it', caller(['events:read'], 't'), ['events:read', 't'], 'allowed'],
    ['bound to a tenant finds no other', caller(['events:read'], 't'), ['events:read', 'u'], 'not_found'],
    [
      'bound to a tenant finds no other without the scope either',
      caller([], 't'),
      ['events:read', 'u'],
      'not_found',
    ],
    [
      'bound to a tenant with admin does everything for it',
      caller(['admin'], 't'),
      ['secrets:read', 't'],
      'allowed',
    ],
    [
      'bound to a tenant with admin finds no other',
      caller(['admin'], 't'),
      ['secrets:read', 'u'],
      'not_found',
    ],
    [
      'bound to a tenant does nothing of the operator’s',
      caller(['admin'], 't'),
      ['admin', 't'],
      'insufficient_scope',
    ],
    [
      'bound to a tenant lists nothing across tenants',
      caller(['events:read'], 't'),
      ['events:read'],
      'insufficient_scope',
    ],
  ])('%s', (_name, who, [scope, tenantId], code) => {
    expect(refusalOf(who, { scope, tenantId })?.code ?? 'allowed').toBe(code);
  });
});
