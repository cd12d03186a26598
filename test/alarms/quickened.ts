/** How much faster time goes in the rules when they are tried. */
const times = 30;
/** Where times are, and how short they may get at a scrape each second: windows and their steps, offsets, pending. */
const places = [
  [/(\[)(\d+)([smhd])/g, 15],
  [/(:)(\d+)([smhd])(?=\])/g, 1],
  [/(\boffset )(\d+)([smhd])/g, 20],
  [/(\bfor: )(\d+)([smhd])/g, 2],
] as const;
const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * The rules with all their times shortened: windows, offsets, how long an alert has to be pending, and from how many
 * seconds on something is late; and what takes so long to get large is large sooner. All else is as it is: what fires
 * here fires there, only later.
 */
export function quickened(rules: string): string {
  const late = rules.replaceAll(
    /(_seconds\)) > (\d+)/g,
    (_, metric: string, limit: string) => `${metric} > ${Number(limit) / times}`,
  );
  const large = late.replaceAll(/> (\d+)e9\b/g, (_, gigabytes: string) => `> ${Number(gigabytes) / times}e9`);
  return places.reduce(
    (text, [place, leastS]) =>
      text.replaceAll(
        place,
        (_, before: string, count: string, unit: string) => before + shorter(count, unit, leastS),
      ),
    large,
  );
}

function shorter(count: string, unit: string, atLeast: number): string {
  const wholeS = Number(count) * seconds[unit as keyof typeof seconds];
  return `${Math.max(atLeast, Math.ceil(wholeS / times))}s`;
}
