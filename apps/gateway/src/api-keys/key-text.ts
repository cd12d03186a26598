import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { newId } from '#libs/contracts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 32;
const checksumLength = 6;
const format = new RegExp(
  `^(phk_([0-9A-HJKMNP-TV-Z]{26})_[0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`,
);

export interface NewKeyText {
  readonly keyId: string;
  /** `phk_<id>_<secret><checksum>`: the secret has 190 bits of chance. */
  readonly text: string;
  /** What may be shown of it. */
  readonly masked: string;
}

export function newKeyText(): NewKeyText {
  const keyId = newId('key');
  const secret = Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  const start = `phk_${keyId.slice('key_'.length)}_`;
  const checksum = checksumOf(start + secret);
  return { keyId, text: start + secret + checksum, masked: `${start}…${checksum.slice(-4)}` };
}

/**
 * Whose key a text says that it is. The checksum sorts out what was mistyped or cut off without looking anything up.
 * @returns undefined if the text is no key, or not whole.
 */
export function keyIdOf(text: string): string | undefined {
  const [, content, id, checksum] = format.exec(text) ?? [];
  if (content === undefined || checksumOf(content) !== checksum) return undefined;
  return `key_${id}`;
}

function checksumOf(content: string): string {
  let text = '';
  for (let rest = crc32(content); text.length < checksumLength; rest = Math.floor(rest / alphabet.length)) {
    text = alphabet.charAt(rest % alphabet.length) + text;
  }
  return text;
}
