import { ApiKeyChanged, create } from '#libs/contracts';
import { KnownApiKeys } from './known-api-keys.js';

const change = (keyId: string, version: number, revoked = false): ApiKeyChanged =>
  create(ApiKeyChanged, { keyId, version, revoked, hash: '', pepperId: 'p', scopes: ['events:read'] });

describe('the API keys that a gateway knows', () => {
  let keys: KnownApiKeys;
  beforeEach(() => {
    keys = new KnownApiKeys();
    keys.replace([change('key_a', 1), change('key_b', 2)], 2);
  });

  it('are those that were read, and those that were announced since', () => {
    keys.apply(change('key_c', 3));
    expect(['key_a', 'key_b', 'key_c', 'key_d'].map((id) => keys.find(id)?.version)).toEqual([
      1,
      2,
      3,
      undefined,
    ]);
  });

  it('do not have one that was revoked, whatever of it comes late', () => {
    keys.apply(change('key_c', 4, true));
    keys.apply(change('key_c', 3));
    expect(keys.find('key_c')).toBeUndefined();
    keys.reach(4);
    keys.apply(change('key_c', 3));
    expect(keys.find('key_c')).toBeUndefined();
  });

  it('are only those of the registry after all were read anew', () => {
    keys.replace([change('key_b', 2)], 2);
    expect([keys.find('key_a'), keys.find('key_b')?.version]).toEqual([undefined, 2]);
  });

  it('are only those of the registry after its database was restored to an earlier state', () => {
    keys.replace([change('key_a', 1)], 1);
    expect([keys.find('key_a')?.version, keys.find('key_b')]).toEqual([1, undefined]);
    keys.apply(change('key_d', 2));
    expect(keys.find('key_d')?.version).toBe(2);
  });

  it('keep what was announced while all were read anew', () => {
    keys.apply(change('key_c', 5));
    keys.apply(change('key_b', 6, true));
    keys.replace([change('key_a', 1), change('key_b', 2)], 4);
    expect(keys.find('key_c')?.version).toBe(5);
    expect(keys.find('key_b')).toBeUndefined();
  });
});
