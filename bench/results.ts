import type { GrowthMeasurement } from './growth/measure-growth.js';
import type { Measurement } from './measurement.js';
import type { Percentiles } from './measure/histogram.js';
import type { Idle } from './measure/idle.js';
import { type Spread, spreadOf } from './measure/spread.js';
import type { Scenario } from './scenarios.js';

/** What one subject did in one scenario: as much as it could, and at half of that. One of each for every run. */
export interface SubjectResult {
  readonly subject: string;
  readonly most: Measurement[];
  readonly half: Measurement[];
  /** At half of that: how long after its acceptance a delivery is shown as delivered. */
  readonly history: Percentiles[];
}

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly raw: Measurement[];
  readonly subjects: readonly SubjectResult[];
  /** Why it was not run. */
  readonly skipped?: string;
}

/** The figures once something has grown; the first of all is of a Posthorn in which nothing has. */
export interface GrowthResult {
  readonly name: string;
  readonly what: string;
  readonly count: number;
  readonly grewInS: number;
  /** One for each run. */
  readonly measurements: readonly GrowthMeasurement[];
}

export interface Results {
  readonly at: string;
  readonly machine: string;
  readonly options: object;
  readonly idle: Readonly<Record<string, Idle>>;
  readonly scenarios: readonly ScenarioResult[];
  readonly growths: readonly GrowthResult[];
}

/** A figure that is not always the same. */
export function over(measurements: readonly Measurement[], figure: (one: Measurement) => number): Spread {
  return spreadOf(measurements.map(figure));
}

/** Of the raw limit, run by run: what disturbs the machine disturbs both. */
export function ratiosOf(raw: readonly Measurement[], most: readonly Measurement[]): Spread {
  return spreadOf(most.map((one, run) => one.deliveriesPerS / (raw[run]?.deliveriesPerS ?? NaN)));
}

/** What must not be: anything lost, duplicated, unexpected, or a service that died. */
export function faultsOf({ scenario, raw, subjects }: ScenarioResult): string[] {
  const all = [{ subject: 'raw limit', most: raw, half: [] }, ...subjects];
  return all.flatMap(({ subject, most, half }) =>
    [...most, ...half].flatMap((one) => faultOf(`${scenario.name}, ${subject}`, one)),
  );
}

export function faultsOfGrowth({ name, measurements }: GrowthResult): string[] {
  return measurements.flatMap(({ load }) => faultOf(name, load));
}

function faultOf(what: string, { lost, duplicated, unexpected, refused, faults }: Measurement): string[] {
  if (lost + duplicated + unexpected + refused + faults.length === 0) return [];
  return [
    `${what}: lost ${lost}, duplicated ${duplicated}, unexpected ${unexpected}, refused ${refused} ${faults.join('; ')}`,
  ];
}
