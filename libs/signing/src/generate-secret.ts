import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';
import type { Signing } from '#libs/contracts';

const SECRET_BYTES = 32;

export function generateSecret(signing: Signing = 'hmac-sha256'): Secret {
  return signing === 'ed25519'
    ? new Secret(`whsk_${keyPair().toString('base64')}`)
    : new Secret(`whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
}

/** Seed and public key one after the other, as the libraries of most languages want it. */
function keyPair(): Buffer {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
}
