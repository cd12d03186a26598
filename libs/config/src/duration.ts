const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * `5s`, `30m`, `24h` in milliseconds.
 * @returns undefined for anything else.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  if (!match?.[1]) return undefined;
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
