import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { Secret } from '#libs/config';
import { MalformedSealError, TamperedSealError } from './errors.js';
import { parseMasterKey } from './master-key.js';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = /^l1\.([A-Za-z0-9_-]{80,})$/;
/** What comes before the private key in PKCS #8 (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex');

/**
 * What is confidential and on its way to one process is sealed for its letterbox: whoever knows the address can put
 * something in, only the owner can read it. X25519 with a key of its own for each letter, HKDF-SHA256, AES-256-GCM.
 */
export class Letterbox {
  readonly #keys: readonly KeyObject[];

  private constructor(keys: readonly [KeyObject, ...KeyObject[]]) {
    this.#keys = keys;
    this.address = publicBytesOf(keys[0]).toString('base64url');
  }

  /** To be given to whoever is to write. */
  readonly address: string;

  /** One that lives as long as this process. */
  static fresh(): Letterbox {
    return new Letterbox([generateKeyPairSync('x25519').privateKey]);
  }

  /** The same for all processes that have these master keys; what was sealed for any of them opens. */
  static ofMasterKeys(masterKeys: readonly [Secret, ...Secret[]]): Letterbox {
    const [first, ...others] = masterKeys;
    return new Letterbox([derived(first, 1), ...others.map((secret, index) => derived(secret, index + 2))]);
  }

  /** @throws MalformedSealError, TamperedSealError also for what was sealed for another letterbox. */
  open(sealed: string): Secret {
    const box = Buffer.from(FORMAT.exec(sealed)?.[1] ?? '', 'base64url');
    if (box.length === 0) throw new MalformedSealError();
    for (const key of this.#keys) {
      const plain = opened(box, key);
      if (plain !== undefined) return new Secret(plain);
    }
    throw new TamperedSealError('this letterbox');
  }
}

/** @param address of a letterbox. */
export function sealFor(address: string, plain: string): string {
  const theirs = publicKeyOf(Buffer.from(address, 'base64url'));
  const ours = generateKeyPairSync('x25519').privateKey;
  const nonce = randomBytes(NONCE_BYTES);
  const key = sharedKey(ours, theirs, { from: publicBytesOf(ours), to: publicBytesOf(theirs) });
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const box = Buffer.concat([publicBytesOf(ours), nonce, ciphertext, cipher.getAuthTag()]);
  return `l1.${box.toString('base64url')}`;
}

function opened(box: Buffer, key: KeyObject): string | undefined {
  const from = box.subarray(0, KEY_BYTES);
  const nonce = box.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES);
  const shared = sharedKey(key, publicKeyOf(from), { from, to: publicBytesOf(key) });
  const decipher = createDecipheriv(ALGORITHM, shared, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const plain = decipher.update(box.subarray(KEY_BYTES + NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function sharedKey(
  privateKey: KeyObject,
  publicKey: KeyObject,
  { from, to }: { from: Buffer; to: Buffer },
): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(
    hkdfSync('sha256', shared, Buffer.concat([from, to]), 'posthorn letterbox v1', KEY_BYTES),
  );
}

function derived(masterKey: Secret, position: number): KeyObject {
  const { key } = parseMasterKey(masterKey, position);
  const bytes = Buffer.from(hkdfSync('sha256', key, '', 'posthorn letterbox of a master key', KEY_BYTES));
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, bytes]), format: 'der', type: 'pkcs8' });
}

function publicKeyOf(bytes: Buffer): KeyObject {
  if (bytes.length !== KEY_BYTES) throw new MalformedSealError();
  const jwk = { kty: 'OKP', crv: 'X25519', x: bytes.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function publicBytesOf(key: KeyObject): Buffer {
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}
