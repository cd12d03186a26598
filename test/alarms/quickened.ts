/** How much faster time goes in the rules when they are tried. */
const times = 30;
/** What a rate or the start of an alert needs, at a scrape each second. */
const least = { window: 10, for: 2, offset: 20 } as const;
const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * The rules with all their times shortened: windows, offsets, how long an alert has to be pending, and from how many
 * seconds on something is late. All else is as it is: what fires here fires there, only later.
 */
export function quickened(rules: string): string {
  return rules
    .replaceAll(
      /\[(\d+)([smhd])(?::(\d+)([smhd]))?\]/g,
      (_, count: string, unit: string, step?: string, stepUnit?: string) => {
        const window = shorter(count, unit, least.window);
        return step === undefined ? `[${window}]` : `[${window}:${shorter(step, stepUnit ?? '', 1)}]`;
      },
    )
    .replaceAll(
      /\boffset (\d+)([smhd])/g,
      (_, count: string, unit: string) => `offset ${shorter(count, unit, least.offset)}`,
    )
    .replaceAll(
      /\bfor: (\d+)([smhd])/g,
      (_, count: string, unit: string) => `for: ${shorter(count, unit, least.for)}`,
    )
    .replaceAll(
      /(_seconds\)) > (\d+)/g,
      (_, metric: string, limit: string) => `${metric} > ${Number(limit) / times}`,
    );
}

function shorter(count: string, unit: string, atLeast: number): string {
  const wholeS = Number(count) * seconds[unit as keyof typeof seconds];
  return `${Math.max(atLeast, Math.ceil(wholeS / times))}s`;
}
