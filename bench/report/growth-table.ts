import { spreadOf } from '../measure/spread.js';
import type { GrowthResult } from '../results.js';

/** So much more than in the small case is still "flat". */
const flat = 1.3;
const nameWidth = 36;
const columnWidth = 20;

/** A line for each figure, a column for each state: medians over the runs, with their ratio to the small case. */
export function growthTableOf(results: readonly GrowthResult[]): string {
  const [small] = results;
  const names = Object.keys(small?.measurements[0]?.figures ?? {});
  return [
    ...results
      .slice(1)
      .map(
        ({ name, count, what, grewInS }) =>
          `${name}: ${count.toLocaleString('en')} ${what}, in ${grewInS.toFixed(0)} s`,
      ),
    `\nMedians; × of the small case, ! where it is more than ${flat}\n`,
    line(
      '',
      results.map(({ name }) => name),
    ),
    ...names.map((name) =>
      line(
        name,
        results.map((result) => cell(name, result, small)),
      ),
    ),
  ].join('\n');
}

function cell(name: string, result: GrowthResult, small: GrowthResult | undefined): string {
  const value = medianOf(name, result);
  const digits = value < 1 ? 3 : 1;
  if (result === small || !small) return value.toFixed(digits);
  const ratio = value / medianOf(name, small);
  return `${value.toFixed(digits)} × ${ratio.toFixed(2)}${ratio > flat ? ' !' : '  '}`;
}

function medianOf(name: string, { measurements }: GrowthResult): number {
  return spreadOf(measurements.map(({ figures }) => figures[name] ?? NaN)).median;
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(nameWidth) + cells.map((text) => text.padStart(columnWidth)).join('');
}
