import { createHmac } from 'node:crypto';
import type { Secret } from '#libs/config';

const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** Signs `prefix` + `body`; the signature carries its version: `v1,…`. */
export interface SigningKey {
  sign(prefix: string, body: Buffer): string;
}

/** One line for each kind of secret: its prefix tells which. */
const kinds: Readonly<Record<string, (bytes: Buffer) => SigningKey>> = {
  whsec_: hmacKey,
};

/** @returns undefined when the text is not a secret that Standard Webhooks allows. */
export function parseSecret(secret: Secret): SigningKey | undefined {
  const text = secret.reveal();
  const prefixLength = text.indexOf('_') + 1;
  const bytes = decodeBase64(text.slice(prefixLength));
  if (bytes === undefined || bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES)
    return undefined;
  const prefix = text.slice(0, prefixLength);
  return Object.hasOwn(kinds, prefix) ? kinds[prefix]?.(bytes) : undefined;
}

function hmacKey(bytes: Buffer): SigningKey {
  return {
    sign: (prefix, body) => `v1,${createHmac('sha256', bytes).update(prefix).update(body).digest('base64')}`,
  };
}

/** Node's decoder skips what is not base64; a secret read so would sign with another key than the customer's. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
