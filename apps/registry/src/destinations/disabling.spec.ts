import type { DestinationRow } from '../registry.tables.js';
import { aDestinationRow as row } from './destination-row.fixture.js';
import { changeOf, destinationOf } from './destination-of.js';
import { disabling, isDisabledBy } from './disabling.js';
import { nextVersion } from './next-version.js';

const request = { ifVersion: 3, reason: 'endpoint answered 410 Gone' };
const after = (changes: Partial<DestinationRow> | undefined): DestinationRow =>
  changes ? { ...row, ...nextVersion(row, changes) } : row;
const isDone = (now: DestinationRow): boolean =>
  isDisabledBy(request, { destination: destinationOf(now), change: changeOf(now) });

describe('disabling a destination by the version it was judged by', () => {
  it('disables it, with the reason, and is answered alike when asked again', () => {
    const disabled = after(disabling(row, request));
    expect(disabled).toMatchObject({ enabled: false, disabled_reason: request.reason, version: 4 });
    expect(isDone(disabled)).toBe(true);
    expect(disabling(disabled, request)).toBeUndefined();
  });

  it('leaves alone what was changed since', () => {
    expect(disabling({ ...row, version: 4 }, request)).toBeUndefined();
    expect(isDone({ ...row, version: 4 })).toBe(false);
  });

  it('leaves alone what its owner has disabled', () => {
    expect(isDone(after({ enabled: false, disabled_reason: 'disabled by its owner' }))).toBe(false);
  });
});

describe('a destination', () => {
  it('is renewed by being enabled and by another URL, and by nothing else', () => {
    expect(nextVersion({ ...row, enabled: false }, { enabled: true }).renewed_version).toBe(4);
    expect(nextVersion(row, { url: 'https://example.com/new' }).renewed_version).toBe(4);
    for (const changes of [{ enabled: false }, { enabled: true }, { url: row.url }, { description: 'x' }])
      expect(nextVersion(row, changes).renewed_version).toBe(2);
  });
});
