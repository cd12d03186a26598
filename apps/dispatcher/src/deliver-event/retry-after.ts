import { parseHttpDate } from './http-date.js';

const daySeconds = 86_400;
/** Beyond them a number may lose digits; the ledger waits for a day at most. */
const maxDigits = 9;
/** Of a date far ahead: 32 bits. */
const maxSeconds = 2_147_483_647;

/**
 * RFC 9110, section 10.2.3: seconds, or a date.
 * @returns whole seconds from now, at least 0; undefined for anything else.
 */
export function retryAfterS(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return significant(text).length > maxDigits ? daySeconds : Number(text);
  const atMs = parseHttpDate(text, nowMs);
  return atMs === undefined ? undefined : Math.min(maxSeconds, Math.max(0, Math.ceil((atMs - nowMs) / 1000)));
}

function significant(digits: string): string {
  return digits.replace(/^0+/, '');
}
