import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { Secret } from '#libs/config';
import { MalformedMasterKeyError } from './errors.js';

const KEY_BYTES = 32;
const KEY_ID_CHARACTERS = 8;

export interface MasterKey {
  /** Says which key sealed a value; says nothing of the key. */
  id: string;
  key: KeyObject;
}

export function parseMasterKey(secret: Secret, position: number): MasterKey {
  const text = secret.reveal();
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text)
    throw new MalformedMasterKeyError(position);
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, KEY_ID_CHARACTERS);
  return { id, key: createSecretKey(bytes) };
}
