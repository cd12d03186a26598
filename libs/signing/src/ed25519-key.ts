import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { SigningKey } from './signing-key.js';

const SEED_BYTES = 32;
const KEY_PAIR_BYTES = 64;
/** What comes before the seed in PKCS #8 (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * A private key: its seed, or seed and public key one after the other, as libsodium and Go write it.
 * @returns undefined for another number of bytes, and where the two halves do not belong together.
 */
export function ed25519Key(bytes: Buffer): SigningKey | undefined {
  if (bytes.length !== SEED_BYTES && bytes.length !== KEY_PAIR_BYTES) return undefined;
  const der = Buffer.concat([pkcs8Head, bytes.subarray(0, SEED_BYTES)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicBytes = publicBytesOf(privateKey);
  if (bytes.length === KEY_PAIR_BYTES && !publicBytes.equals(bytes.subarray(SEED_BYTES))) return undefined;
  return {
    signing: 'ed25519',
    publicKey: `whpk_${publicBytes.toString('base64')}`,
    sign: (prefix, body) =>
      `v1a,${sign(null, Buffer.concat([Buffer.from(prefix), body]), privateKey).toString('base64')}`,
  };
}

function publicBytesOf(privateKey: KeyObject): Buffer {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}
