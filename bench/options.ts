import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chosenGrowths, type Growth, growths } from './growth/growths.js';
import { chosen, quick, type Scenario, scenarios, usual } from './scenarios.js';

export const usage = `Measures deliveries a second and latencies, beside the raw limit of the same machine in the same run.

  npm run bench                        the usual scenarios, three runs of a minute each: some 70 minutes
  npm run bench -- --quick             whether it works: two scenarios, one run of some seconds
  npm run bench -- --all               every combination of door, payload, fan-out and destinations: hours
  npm run bench -- --only http-1k-f1-d100,amqp-1k-f1-d100
  npm run bench -- --seconds 60 --warm-up 10 --runs 3 --window 1000 --batch 100
  npm run bench -- --per-second 500    the rate for latencies, rather than half of what was reached
  npm run bench -- --profile           keeps CPU profiles, and says where the time goes
  npm run bench -- --against ../other  another build (a folder) in the same run, in turns with this one
  npm run bench -- --growth            what changes with a million events, and with 100,000 destinations and tenants: an hour
  npm run bench -- --growth --only history,timetable --growth-scale 0.01
  npm run bench -- --list              the scenarios there are

Latencies count from when an event was to be published. Results: a table, and bench/results/<time>.json and .svg.`;

export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly measuredMs: number;
  readonly warmUpMs: number;
  readonly runs: number;
  readonly window: number;
  readonly batchSize: number;
  readonly perSecond: number | undefined;
  readonly profile: boolean;
  readonly against: string | undefined;
  /** What grows, in place of scenarios, and to which part of its whole count. */
  readonly growths: readonly Growth[] | undefined;
  readonly growthScale: number;
  readonly help: boolean;
  readonly list: boolean;
}

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/** @throws an error that says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      all: flag,
      profile: flag,
      growth: flag,
      'growth-scale': text,
      help: flag,
      list: flag,
      only: text,
      seconds: text,
      'warm-up': text,
      runs: text,
      window: text,
      batch: text,
      'per-second': text,
      against: text,
    },
  });
  const [seconds, warmUp, runs] = values.quick ? [8, 3, 1] : [60, 10, 3];
  return {
    scenarios: values.growth ? [] : chosenBy(values),
    growths: values.growth ? growthsBy(values.only) : undefined,
    growthScale: positive('growth-scale', values['growth-scale'], 1),
    measuredMs: positive('seconds', values.seconds, seconds) * 1000,
    warmUpMs: positive('warm-up', values['warm-up'], warmUp) * 1000,
    runs: positive('runs', values.runs, runs),
    window: positive('window', values.window, 1000),
    batchSize: positive('batch', values.batch, 100),
    perSecond:
      values['per-second'] === undefined ? undefined : positive('per-second', values['per-second'], 0),
    against: values.against === undefined ? undefined : resolve(values.against),
    profile: values.profile,
    help: values.help,
    list: values.list,
  };
}

function growthsBy(only: string | undefined): readonly Growth[] {
  return only === undefined ? growths : chosenGrowths(only.split(','));
}

function chosenBy({
  only,
  all,
  quick: isQuick,
}: {
  only?: string | undefined;
  all: boolean;
  quick: boolean;
}) {
  if (only !== undefined) return chosen(only.split(','));
  if (all) return scenarios;
  return chosen(isQuick ? quick : usual);
}

function positive(name: string, given: string | undefined, otherwise: number): number {
  const value = given === undefined ? otherwise : Number(given);
  if (value > 0) return value;
  throw new Error(`--${name}: ${given} is not a number above 0`);
}
