import { randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';
import type { DestinationRow } from '../registry.tables.js';
import { changeSealed, type SealedChange } from './change-sealed.js';
import { Vault } from './vault.js';

const now = new Date('2026-01-31T12:00:00.000Z');
const vault = new Vault([new Secret(randomBytes(32).toString('base64'))]);
const retiring = {
  sealed: vault.signingSecret('dst_1', 'hmac-sha256'),
  validUntil: '2026-02-01T12:00:00.000Z',
};
const row = {
  id: 'dst_1',
  url: 'https://example.com/hooks',
  signing: 'hmac-sha256',
  headers: vault.changeHeaders('dst_1', [], { Authorization: 'Bearer x', 'X-Team': 'a' }),
  sealed_secrets: [vault.signingSecret('dst_1', 'hmac-sha256')],
  retiring_secrets: [retiring],
} as unknown as DestinationRow;

const changed = (change: Partial<SealedChange>) =>
  changeSealed(vault, row, {
    url: row.url,
    signing: row.signing,
    headers: undefined,
    mayReadSecrets: false,
    now,
    ...change,
  });
const pathsOf = ({ warnings }: ReturnType<typeof changed>) => warnings.map(({ path }) => path);

describe('a change of a destination by a caller who may not read its secrets', () => {
  it.each([
    ['another host', 'https://example.org/hooks'],
    ['another port', 'https://example.com:8443/hooks'],
    ['another scheme', 'http://example.com/hooks'],
    ['a host below', 'https://a.example.com/hooks'],
  ])('drops headers and all secrets with %s', (_name, url) => {
    const after = changed({ url });
    expect(after.changes).toMatchObject({ headers: [], retiring_secrets: [], retire_at: null });
    expect(after.changes.sealed_secrets).not.toEqual(row.sealed_secrets);
    expect(pathsOf(after)).toEqual(['headers.Authorization', 'headers.X-Team', 'secret']);
  });

  it.each([
    ['path and query', 'https://example.com/other?a=1'],
    ['the way a host is written', 'https://EXAMPLE.com:443/hooks'],
    ['a dot at the end of the host', 'https://example.com./hooks'],
    ['nothing of the URL', row.url],
  ])('keeps all of them with another %s', (_name, url) => {
    expect(changed({ url })).toEqual({ changes: {}, warnings: [] });
  });

  it('keeps with a new origin the headers that it gives', () => {
    const after = changed({
      url: 'https://example.org/',
      headers: { authorization: 'Bearer y', 'x-team': '***' },
    });
    expect(after.changes.headers).toMatchObject([{ name: 'authorization' }]);
    expect(pathsOf(after)).toEqual(['headers.X-Team', 'secret']);
    expect(pathsOf(changed({ url: 'https://example.org/', headers: null }))).toEqual(['secret']);
  });

  it('lets no earlier secret sign along when the way to sign changes too', () => {
    const after = changed({ url: 'https://example.org/', signing: 'ed25519' });
    expect(after.changes.retiring_secrets).toEqual([]);
    expect(changed({ signing: 'ed25519' }).changes.retiring_secrets).toHaveLength(2);
  });
});

describe('a change of a destination by a caller who may read its secrets', () => {
  it('keeps all of them with a new origin', () => {
    expect(changed({ url: 'https://example.org/', mayReadSecrets: true })).toEqual({
      changes: {},
      warnings: [],
    });
  });
});
