import { createHash, randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';
import {
  MalformedMasterKeyError,
  MalformedSealError,
  sealedTextBytes,
  Sealer,
  TamperedSealError,
  UnknownMasterKeyError,
  WeakMasterKeyError,
} from './index.js';

const aMasterKey = () => new Secret(randomBytes(32).toString('base64'));

describe('a sealed secret', () => {
  const masterKey = aMasterKey();
  const sealer = new Sealer([masterKey]);

  it.each(['whsec_abc', '', 'Ærø 🐌', 'x'.repeat(10_000)])('opens to what was sealed: %.20s', (plain) => {
    const sealed = sealer.seal(plain, 'dst_1');
    expect(sealer.open(sealed, 'dst_1').reveal()).toBe(plain);
    expect(sealedTextBytes(sealed)).toBe(Buffer.byteLength(plain));
  });

  it('shows nothing of itself and differs each time, but names its key', () => {
    const [one, other] = [sealer.seal('whsec_abc', 'dst_1'), sealer.seal('whsec_abc', 'dst_1')];
    const keyBytes = Buffer.from(masterKey.reveal(), 'base64');
    const keyId = createHash('sha256').update(keyBytes).digest('hex').slice(0, 8);
    expect(one).not.toBe(other);
    expect(one).not.toContain('whsec_');
    expect(one.split('.').slice(0, 2)).toEqual(['v1', keyId]);
  });

  it('does not open for another destination', () => {
    const sealed = sealer.seal('whsec_abc', 'dst_1');
    expect(() => sealer.open(sealed, 'dst_2')).toThrow(TamperedSealError);
  });

  it('does not open once any byte of it was changed', () => {
    const [version, keyId, box = ''] = sealer.seal('whsec_abc', 'dst_1').split('.');
    for (let index = 0; index < Buffer.from(box, 'base64url').length; index += 1) {
      const changed = Buffer.from(box, 'base64url');
      changed[index] = changed[index]! ^ 1;
      const sealed = [version, keyId, changed.toString('base64url')].join('.');
      expect(() => sealer.open(sealed, 'dst_1')).toThrow(TamperedSealError);
    }
  });

  it.each(['', 'whsec_abc', 'v1.00000000.short', 'v2.00000000.aaaa'])(
    'is told from other text: %s',
    (text) => {
      expect(() => sealer.open(text, 'dst_1')).toThrow(MalformedSealError);
    },
  );
});

describe('master keys', () => {
  it('are rotated by putting a new one in front: it seals, the old one still opens', () => {
    const [old, next] = [aMasterKey(), aMasterKey()];
    const sealedBefore = new Sealer([old]).seal('whsec_abc', 'dst_1');
    const rotated = new Sealer([next, old]);
    expect(rotated.open(sealedBefore, 'dst_1').reveal()).toBe('whsec_abc');
    const sealedAfter = rotated.seal('whsec_abc', 'dst_1');
    expect(new Sealer([next]).open(sealedAfter, 'dst_1').reveal()).toBe('whsec_abc');
  });

  it('are done with once everything is renewed under the new one, which happens once', () => {
    const [old, next] = [aMasterKey(), aMasterKey()];
    const rotated = new Sealer([next, old]);
    const renewed = rotated.renew(new Sealer([old]).seal('whsec_abc', 'dst_1'), 'dst_1');
    expect(new Sealer([next]).open(renewed, 'dst_1').reveal()).toBe('whsec_abc');
    expect(rotated.renew(renewed, 'dst_1')).toBe(renewed);
  });

  it('that are missing are asked for by their id', () => {
    const sealed = new Sealer([aMasterKey()]).seal('whsec_abc', 'dst_1');
    const keyId = sealed.split('.')[1]!;
    expect(() => new Sealer([aMasterKey()]).open(sealed, 'dst_1')).toThrow(UnknownMasterKeyError);
    expect(() => new Sealer([aMasterKey()]).open(sealed, 'dst_1')).toThrow(keyId);
  });

  it.each([
    ['too short', randomBytes(16).toString('base64')],
    ['too long', randomBytes(33).toString('base64')],
    ['hexadecimal', randomBytes(32).toString('hex')],
    ['not base64', 'hunter2'],
    ['followed by a line break', `${randomBytes(32).toString('base64')}\n`],
  ])('that are %s are refused without being printed', (_name, text) => {
    const build = () => new Sealer([aMasterKey(), new Secret(text)]);
    expect(build).toThrow(MalformedMasterKeyError);
    expect(build).toThrow('Master key 2');
    expect(build).not.toThrow(text.trim());
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['one byte', Buffer.alloc(32, 0xa7)],
    ['a short pattern', Buffer.alloc(32, 'posthorn')],
    ['a row of numbers', Buffer.from(Array.from({ length: 32 }, (_, index) => index))],
    ['a row downwards', Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - 3 * index))],
    ['a placeholder', Buffer.from('please change-me before you start')],
  ])('that are %s are refused: anybody could guess them', (_name, bytes) => {
    const weak = new Secret(bytes.subarray(0, 32).toString('base64'));
    expect(() => new Sealer([weak])).toThrow(WeakMasterKeyError);
    expect(() => new Sealer([aMasterKey(), weak])).toThrow('Master key 2 is not random');
  });

  it('are taken when they are random, 10,000 different ones', () => {
    for (let tries = 0; tries < 10_000; tries++) expect(() => new Sealer([aMasterKey()])).not.toThrow();
  });

  it('must be given at all', () => {
    expect(() => new Sealer([])).toThrow(MalformedMasterKeyError);
  });
});
