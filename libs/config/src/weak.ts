/** What people put where a secret of their own belongs. */
const placeholder =
  /change.?me|change.?this|password|passw0rd|your.?key|my.?key|secret.?key|default|placeholder|1234567|qwerty/i;

/** Whether a text is no secret: short, of few different characters, or one that everybody could guess. */
export function isWeak(text: string): boolean {
  return text.length < 20 || new Set(text).size < 8 || placeholder.test(text);
}
