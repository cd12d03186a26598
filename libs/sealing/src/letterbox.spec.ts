import { randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';
import { Letterbox, MalformedSealError, sealFor, TamperedSealError } from './index.js';

const aMasterKey = () => new Secret(randomBytes(32).toString('base64'));

describe('a letterbox', () => {
  it.each(['{"secret":"whsec_abc"}', '', 'Ærø 🐌', 'x'.repeat(20_000)])(
    'gives what was put in: %.20s',
    (plain) => {
      const letterbox = Letterbox.fresh();
      expect(letterbox.open(sealFor(letterbox.address, plain)).reveal()).toBe(plain);
    },
  );

  it('takes letters that show nothing of what is in them, and are never the same', () => {
    const { address } = Letterbox.fresh();
    const [one, other] = [sealFor(address, 'whsec_abc'), sealFor(address, 'whsec_abc')];
    expect(one).not.toContain('whsec_');
    expect(one).not.toBe(other);
  });

  it('of master keys is the same wherever they are, and goes on to open what was sealed before a rotation', () => {
    const [old, next] = [aMasterKey(), aMasterKey()];
    const before = Letterbox.ofMasterKeys([old]);
    expect(Letterbox.ofMasterKeys([old]).address).toBe(before.address);
    const letter = sealFor(before.address, 'x');
    const after = Letterbox.ofMasterKeys([next, old]);
    expect(after.address).not.toBe(before.address);
    expect(after.open(letter).reveal()).toBe('x');
    expect(() => Letterbox.ofMasterKeys([next]).open(letter)).toThrow(TamperedSealError);
  });

  it('does not open what is for another one, was changed, or is no letter', () => {
    const letterbox = Letterbox.fresh();
    const letter = sealFor(letterbox.address, 'whsec_abc');
    expect(() => Letterbox.fresh().open(letter)).toThrow(TamperedSealError);
    const box = Buffer.from(letter.slice(3), 'base64url');
    for (const index of [0, 31, 32, 43, 44, box.length - 1]) {
      const changed = Buffer.from(box);
      changed[index] = changed[index]! ^ 1;
      expect(() => letterbox.open(`l1.${changed.toString('base64url')}`)).toThrow(TamperedSealError);
    }
    for (const text of ['', 'whsec_abc', 'l1.short', letter.replace('l1', 'l2')])
      expect(() => letterbox.open(text)).toThrow(MalformedSealError);
  });
});
