import { createHmac, createSecretKey } from 'node:crypto';
import type { Secret } from '#libs/config';
import { ed25519Key } from './ed25519-key.js';
import type { SigningKey } from './signing-key.js';

const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** One line for each kind of secret: its prefix tells which. */
const kinds: Readonly<Record<string, (bytes: Buffer) => SigningKey | undefined>> = {
  whsec_: hmacKey,
  whsk_: ed25519Key,
};

/** A secret signs many webhooks, and reading an ed25519 key costs more than signing with it. */
const parsed = new WeakMap<Secret, SigningKey>();

/** @returns undefined when the text is not a secret that Standard Webhooks allows. */
export function parseSecret(secret: Secret): SigningKey | undefined {
  const known = parsed.get(secret);
  if (known) return known;
  const text = secret.reveal();
  const prefixLength = text.indexOf('_') + 1;
  const bytes = decodeBase64(text.slice(prefixLength));
  const prefix = text.slice(0, prefixLength);
  const key = bytes && Object.hasOwn(kinds, prefix) ? kinds[prefix]?.(bytes) : undefined;
  if (key) parsed.set(secret, key);
  return key;
}

function hmacKey(bytes: Buffer): SigningKey | undefined {
  if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) return undefined;
  // Node takes five times as long to sign with bytes: it makes a key of them each time.
  const key = createSecretKey(bytes);
  return {
    signing: 'hmac-sha256',
    sign: (prefix, body) => `v1,${createHmac('sha256', key).update(prefix).update(body).digest('base64')}`,
  };
}

/** Node's decoder skips what is not base64; a secret read so would sign with another key than the customer's. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
