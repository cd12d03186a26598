import { randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';

const SECRET_BYTES = 32;

export function generateSecret(): Secret {
  return new Secret(`whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
}
