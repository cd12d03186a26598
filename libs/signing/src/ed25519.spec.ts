import { createPublicKey, verify } from 'node:crypto';
import { Secret } from '#libs/config';
import { generateSecret, parseSecret, signWebhook, webhookHeaders } from './index.js';

/** RFC 8032, section 7.1, test 1: the key. */
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const publicBytes = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
const secretOf = (...parts: Buffer[]) => new Secret(`whsk_${Buffer.concat(parts).toString('base64')}`);

/** As a receiver does it that has nothing but the public key. */
const verifies = (publicKey: string, signature: string, content: Buffer): boolean => {
  const [version, encoded = ''] = signature.split(',');
  const x = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return version === 'v1a' && verify(null, content, key, Buffer.from(encoded, 'base64'));
};

describe('an ed25519 secret', () => {
  it('has the public key that RFC 8032 gives for its example', () => {
    const publicKey = `whpk_${publicBytes.toString('base64')}`;
    expect(parseSecret(secretOf(seed))).toMatchObject({ signing: 'ed25519', publicKey });
    expect(parseSecret(secretOf(seed, publicBytes))).toMatchObject({ signing: 'ed25519', publicKey });
  });

  it('signs what its public key verifies, and nothing else', () => {
    const secret = generateSecret('ed25519');
    const { publicKey = '' } = parseSecret(secret)!;
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    const signature = signWebhook({ secret, id: 'evt_1', timestampS: 1_700_000_000, body });
    const content = Buffer.concat([Buffer.from('evt_1.1700000000.'), body]);
    expect(verifies(publicKey, signature, content)).toBe(true);
    expect(verifies(publicKey, signature, Buffer.concat([content, Buffer.from(' ')]))).toBe(false);
    expect(verifies(parseSecret(generateSecret('ed25519'))!.publicKey!, signature, content)).toBe(false);
  });

  it('is never the same, and 64 bytes long', () => {
    const [one, other] = [generateSecret('ed25519').reveal(), generateSecret('ed25519').reveal()];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice('whsk_'.length), 'base64')).toHaveLength(64);
  });

  it.each([
    ['31 bytes', seed.subarray(1)],
    ['33 bytes', Buffer.concat([seed, Buffer.alloc(1)])],
    ['halves that do not belong together', Buffer.concat([seed, Buffer.alloc(32, 1)])],
  ])('may not have %s', (_name, bytes) => {
    expect(parseSecret(secretOf(bytes))).toBeUndefined();
  });

  it('signs beside an HMAC secret while a destination goes over from one to the other', () => {
    const secrets = [generateSecret('ed25519'), generateSecret('hmac-sha256')];
    const headers = webhookHeaders({ id: 'evt_1', timestampS: 1, body: Buffer.from('{}'), secrets });
    const versions = headers['webhook-signature'].split(' ').map((signature) => signature.split(',')[0]);
    expect(versions).toEqual(['v1a', 'v1']);
  });
});
