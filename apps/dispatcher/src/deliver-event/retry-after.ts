/**
 * RFC 9110, section 10.2.3: seconds, or a date.
 * @returns whole seconds from now, at least 0; undefined for anything else.
 */
export function retryAfterS(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // Date.parse takes nearly anything; an HTTP date begins with the day of the week.
  if (!/^[A-Z][a-z]{2},? /.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
