import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';
import {
  MalformedMasterKeyError,
  MalformedSealError,
  TamperedSealError,
  UnknownMasterKeyError,
} from './errors.js';
import { parseMasterKey, type MasterKey } from './master-key.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]{38,})$/;

/**
 * Secrets at rest: `v1.<key id>.<nonce, ciphertext and tag>`. A value is bound to what it belongs to, so that a row's
 * secret copied into another row does not open.
 */
export class Sealer {
  readonly #sealing: MasterKey;
  readonly #keys: ReadonlyMap<string, MasterKey>;

  /** The first key seals, all of them open: put a new key in front, and take the old one away when nothing needs it. */
  constructor(masterKeys: readonly Secret[]) {
    const keys = masterKeys.map((secret, index) => parseMasterKey(secret, index + 1));
    const [first] = keys;
    if (first === undefined) throw new MalformedMasterKeyError(1);
    this.#sealing = first;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  /** Of the key that seals: what is sealed with it begins with `v1.<id>.`. */
  get keyId(): string {
    return this.#sealing.id;
  }

  /** The same, sealed with the first key. What is so already stays as it is. */
  renew(sealed: string, boundTo: string): string {
    if (sealed.startsWith(`v1.${this.keyId}.`)) return sealed;
    return this.seal(this.open(sealed, boundTo).reveal(), boundTo);
  }

  seal(plain: string, boundTo: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#sealing.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(boundTo));
    const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const box = Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
    return `v1.${this.#sealing.id}.${box.toString('base64url')}`;
  }

  open(sealed: string, boundTo: string): Secret {
    const [, keyId, boxText] = FORMAT.exec(sealed) ?? [];
    if (keyId === undefined || boxText === undefined) throw new MalformedSealError();
    const masterKey = this.#keys.get(keyId);
    if (masterKey === undefined) throw new UnknownMasterKeyError(keyId);
    const plain = decrypt(masterKey, Buffer.from(boxText, 'base64url'), boundTo);
    if (plain === undefined) throw new TamperedSealError(boundTo);
    return new Secret(plain);
  }
}

/** Returns the length of a sealed text in bytes of UTF-8, which needs no key: the cipher keeps it. */
export function sealedTextBytes(sealed: string): number {
  const box = FORMAT.exec(sealed)?.[2];
  if (box === undefined) throw new MalformedSealError();
  return Buffer.byteLength(box, 'base64url') - NONCE_BYTES - TAG_BYTES;
}

/** @returns undefined when the tag does not match. */
function decrypt({ key }: MasterKey, box: Buffer, boundTo: string): string | undefined {
  const nonce = box.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const plain = decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
