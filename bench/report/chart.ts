import type { Measurement } from '../measurement.js';
import { over, ratiosOf, type ScenarioResult } from '../results.js';

const labelWidth = 190;
const barWidth = 520;
const lineHeight = 20;
const colours = ['#b9c2cc', '#2f6fde', '#e08b2c'];

interface Bar {
  readonly label: string;
  readonly measurements: readonly Measurement[];
  readonly note: string;
}

/** Deliveries a second beside the raw limit, as an SVG: a bar for the median, a line for the range. */
export function chartOf(results: readonly ScenarioResult[]): string {
  const shown = results.filter(({ raw }) => raw.length > 0);
  const largest = Math.max(1, ...shown.flatMap(barsOf).map(({ measurements }) => rateOf(measurements).max));
  const lines: string[] = [];
  let y = 10;
  for (const result of shown) {
    lines.push(text(0, y + 14, result.scenario.name, 'bold'));
    y += lineHeight + 4;
    for (const [index, bar] of barsOf(result).entries()) {
      lines.push(barLine(bar, { y, colour: colours[index % colours.length] ?? '', largest }));
      y += lineHeight;
    }
    y += 10;
  }
  const width = labelWidth + barWidth + 180;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${y}" fill="white"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n');
}

function barsOf({ raw, subjects }: ScenarioResult): Bar[] {
  return [
    { label: 'raw limit', measurements: raw, note: '' },
    ...subjects.map(({ subject, most }) => ({
      label: subject,
      measurements: most,
      note: ` (${ratiosOf(raw, most).median.toFixed(2)})`,
    })),
  ];
}

function barLine(
  { label, measurements, note }: Bar,
  { y, colour, largest }: { y: number; colour: string; largest: number },
): string {
  const { median, min, max } = rateOf(measurements);
  const x = (rate: number): string => (labelWidth + (rate / largest) * barWidth).toFixed(1);
  const middle = y + 8;
  return [
    text(12, y + 12, label),
    `<rect x="${labelWidth}" y="${y}" width="${((median / largest) * barWidth).toFixed(1)}" height="16" fill="${colour}"/>`,
    `<line x1="${x(min)}" y1="${middle}" x2="${x(max)}" y2="${middle}" stroke="black"/>`,
    text(Number(x(max)) + 6, y + 12, `${Math.round(median).toLocaleString('en')}/s${note}`),
  ].join('');
}

function rateOf(measurements: readonly Measurement[]) {
  return over(measurements, ({ deliveriesPerS }) => deliveriesPerS);
}

// oxlint-disable-next-line max-params -- a place, and what stands there
function text(x: number, y: number, content: string, weight = 'normal'): string {
  return `<text x="${x}" y="${y}" font-weight="${weight}">${content}</text>`;
}
