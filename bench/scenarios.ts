import type { Door } from './generator/plan.js';

/** One way of using Posthorn. How figures change with what is in the books is told by growth/. */
export interface Scenario {
  readonly name: string;
  readonly door: Exclude<Door, 'raw'>;
  readonly payloadBytes: number;
  readonly fanOut: 1 | 10;
  readonly destinations: 1 | 100 | 10_000;
}

const kib = 1024;
const doors = ['http', 'batch', 'amqp'] as const;
const payloads = [kib, 16 * kib] as const;
const destinationCounts = [1, 100, 10_000] as const;

/** Every combination that there can be: one destination gets no event ten times. */
export const scenarios: readonly Scenario[] = doors.flatMap((door) =>
  payloads.flatMap((payloadBytes) =>
    destinationCounts.flatMap((destinations) =>
      ([1, 10] as const)
        .filter((fanOut) => fanOut <= destinations)
        .map((fanOut) => ({
          name: `${door}-${payloadBytes / kib}k-f${fanOut}-d${destinations}`,
          door,
          payloadBytes,
          fanOut,
          destinations,
        })),
    ),
  ),
);

/** What is run unless all of them are wanted: each dimension changed once from the first two. */
export const usual = [
  'batch-1k-f1-d100',
  'http-1k-f1-d100',
  'amqp-1k-f1-d100',
  'http-16k-f1-d100',
  'http-1k-f10-d100',
  'http-1k-f1-d1',
  'http-1k-f1-d10000',
];
export const quick = ['batch-1k-f1-d100', 'http-1k-f1-d100'];

/** @throws an error that names what there is not. */
export function chosen(names: readonly string[]): Scenario[] {
  return names.map((name) => {
    const scenario = scenarios.find((one) => one.name === name);
    if (!scenario) throw new Error(`There is no scenario ${name}: --list shows them.`);
    return scenario;
  });
}

/** Scenarios with the same raw limit have the same key. */
export function rawKeyOf({ payloadBytes, fanOut, destinations }: Scenario): string {
  return `${payloadBytes / kib}k-f${fanOut}-d${destinations}`;
}
