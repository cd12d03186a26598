import type { Measurement } from '../measurement.js';
import type { Percentiles } from '../measure/histogram.js';
import type { Idle } from '../measure/idle.js';
import { type Spread, spreadOf } from '../measure/spread.js';
import { over, ratiosOf, type ScenarioResult, type SubjectResult } from '../results.js';

const nameWidth = 16;

/** One scenario for people to read: medians over the runs, with their range where there were several. */
export function tableOf({ scenario, raw, subjects, skipped }: ScenarioResult): string {
  if (skipped !== undefined) return `${scenario.name}  skipped: ${skipped}`;
  return [
    scenario.name,
    row('raw limit', rateOf(raw)),
    row('', `CPU s per 1,000  ${listOf(raw, ({ cpuSPer1000 }) => cpuSPer1000, 3)}`),
    ...subjects.flatMap((subject) => linesOf(raw, subject)),
  ].join('\n');
}

/** What is known of it so far, in a line. */
export function shortOf({ scenario, raw, subjects }: ScenarioResult): string {
  const figures = subjects.map(({ subject, most }) => `${subject} ${mostOf(raw, most)}`);
  return `${scenario.name}: ${figures.join('; ')}`;
}

/** What a subject needs at rest. */
export function idleLines(subject: string, { cpuPercent, peakMiB, servicesMiB }: Idle): string {
  const list = (figures: Readonly<Record<string, number>>, digits: number): string =>
    Object.entries(figures)
      .map(([name, value]) => `${name} ${number(value, digits)}`)
      .join('  ');
  return [
    `${subject}, at rest`,
    row('', `CPU, %           ${list(cpuPercent, 2)}`),
    row('', `MiB              ${list(peakMiB, 0)}`),
    servicesLine(number(servicesMiB, 0)),
  ].join('\n');
}

function linesOf(raw: readonly Measurement[], { subject, most, half, history }: SubjectResult): string[] {
  const behind = number(over(most, ({ booksBehindMs }) => booksBehindMs / 1000).median, 1);
  return [
    row(subject, `${mostOf(raw, most)}, books behind ${behind} s`),
    row('', `CPU s per 1,000  ${listOf(most, ({ cpuSPer1000 }) => cpuSPer1000, 3)}`),
    row('', `peak MiB         ${listOf(most, ({ peakMiB }) => peakMiB, 0)}`),
    servicesLine(spread(over(most, ({ servicesMiB }) => servicesMiB))),
    row(
      '',
      `WAL              ${spread(over(most, ({ walBytesPerDelivery }) => walBytesPerDelivery))} bytes a delivery`,
    ),
    ...(half.length === 0 ? [] : halfLines(half, history)),
    row('', `lost, duplicated ${sum([...most, ...half], 'lost')}, ${sum([...most, ...half], 'duplicated')}`),
  ];
}

function halfLines(half: readonly Measurement[], history: readonly Percentiles[]): string[] {
  const ms = (runs: readonly Percentiles[]) =>
    (['p50', 'p95', 'p99', 'max'] as const)
      .map((percentile) => `${percentile} ${spread(spreadOf(runs.map((run) => run[percentile])), 1)}`)
      .join('  ');
  return [
    row('  at half', rateOf(half)),
    row('', `publish, ms      ${ms(half.map(({ publish }) => publish))}`),
    row('', `receipt, ms      ${ms(half.map(({ receipt }) => receipt))}`),
    row('', `history, ms      ${ms(history)}`),
  ];
}

function servicesLine(figure: string): string {
  return row('', `services         ${figure} MiB, what they share counted once`);
}

function mostOf(raw: readonly Measurement[], most: readonly Measurement[]): string {
  return `${rateOf(most)}, ${spread(ratiosOf(raw, most), 2)} of the raw limit`;
}

function rateOf(measurements: readonly Measurement[]): string {
  return `${spread(over(measurements, ({ deliveriesPerS }) => deliveriesPerS))} deliveries/s`;
}

function listOf(
  measurements: readonly Measurement[],
  figures: (one: Measurement) => Readonly<Record<string, number>>,
  digits: number,
): string {
  return Object.keys(measurements[0] ? figures(measurements[0]) : {})
    .map((name) => `${name} ${number(over(measurements, (one) => figures(one)[name] ?? 0).median, digits)}`)
    .join('  ');
}

function sum(measurements: readonly Measurement[], figure: 'lost' | 'duplicated'): number {
  return measurements.reduce((total, one) => total + one[figure], 0);
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(nameWidth)} ${text}`;
}

function spread({ median, min, max }: Spread, digits = 0): string {
  const range = min === max ? '' : ` (${number(min, digits)}–${number(max, digits)})`;
  return `${number(median, digits)}${range}`;
}

function number(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
