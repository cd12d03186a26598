import type { Actor, NewApiKey } from '#libs/contracts';
import { judgeNewKey } from './judge-new-key.js';

const nowMs = Date.parse('2026-01-31T12:00:00Z');
const admin = { scopes: ['admin'] };
const ending = { ...admin, expiresAt: '2026-02-01T00:00:00.000Z' };

describe('a new API key', () => {
  it.each<[string, Partial<NewApiKey>, Partial<Actor>, string[]]>([
    ['of a key without an end may have none', {}, admin, []],
    ['of a key without an end may have one', { expiresAt: '2099-01-01T00:00:00Z' }, admin, []],
    ['must not be over already', { expiresAt: '2026-01-31T12:00:00Z' }, admin, ['expiresAt']],
    ['must have a time for its end', { expiresAt: '2026-13-31T12:00:00Z' }, admin, ['expiresAt']],
    ['of a key with an end must have one', {}, ending, ['expiresAt']],
    ['of a key with an end must not have null for it', { expiresAt: null }, ending, ['expiresAt']],
    ['of a key with an end may end with it', { expiresAt: '2026-02-01T02:00:00+02:00' }, ending, []],
    [
      'of a key with an end must not end later',
      { expiresAt: '2026-02-01T00:00:00.001Z' },
      ending,
      ['expiresAt'],
    ],
    ['of a key with admin may have any scope', { scopes: ['admin', 'secrets:read'] }, admin, []],
    [
      'of another key may have its scopes only',
      { scopes: ['admin'] },
      { scopes: ['events:read'] },
      ['scopes'],
    ],
    ['of a bound key is bound likewise', { tenantId: 'u' }, { ...admin, tenantId: 't' }, ['tenantId']],
    ['of a bound key is never unbound', {}, { ...admin, tenantId: 't' }, ['tenantId']],
    ['of a bound key may be bound', { tenantId: 't' }, { ...admin, tenantId: 't' }, []],
  ])('%s', (_name, input, maker, paths) => {
    const key = { scopes: ['events:read' as const], ...input };
    const faults = judgeNewKey(key, { scopes: [], ...maker }, nowMs);
    expect(faults.map(({ path }) => path)).toEqual(paths);
  });

  it('is refused with the bound', () => {
    const [fault] = judgeNewKey({ scopes: ['admin'] }, ending, nowMs);
    expect(fault?.message).toContain('2026-02-01T00:00:00.000Z');
  });
});
