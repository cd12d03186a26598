import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { isWeak, type Secret } from '#libs/config';
import { MalformedMasterKeyError, WeakMasterKeyError } from './errors.js';

const KEY_BYTES = 32;
const KEY_ID_CHARACTERS = 8;
/** 32 random bytes have 30 different ones on average, and fewer than this in one of 10^20 keys. */
const MIN_DIFFERENT_BYTES = 12;

export interface MasterKey {
  /** Says which key sealed a value; says nothing of the key. */
  id: string;
  key: KeyObject;
}

/** @throws MalformedMasterKeyError, WeakMasterKeyError */
export function parseMasterKey(secret: Secret, position: number): MasterKey {
  const text = secret.reveal();
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text)
    throw new MalformedMasterKeyError(position);
  if (isGuessable(bytes)) throw new WeakMasterKeyError(position);
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, KEY_ID_CHARACTERS);
  return { id, key: createSecretKey(bytes) };
}

/** Few different bytes, a row of numbers, or text that people write where a key belongs. */
function isGuessable(bytes: Buffer): boolean {
  const steps = new Set([...bytes.subarray(1)].map((byte, index) => (byte - (bytes[index] ?? 0)) & 0xff));
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return (
    new Set(bytes).size < MIN_DIFFERENT_BYTES ||
    steps.size === 1 ||
    (isText && isWeak(bytes.toString('ascii')))
  );
}
