import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '#libs/messaging';
import { inspectedEnvironment } from '#libs/testing';
import type { Growth } from './growth/growths.js';
import { GrowthRunner } from './growth/run-growth.js';
import { Child } from './load/child.js';
import { type Options, readOptions, usage } from './options.js';
import { chartOf } from './report/chart.js';
import { growthTableOf } from './report/growth-table.js';
import { Progress } from './report/progress.js';
import { type Idle, measureIdle } from './measure/idle.js';
import { idleLines, shortOf, tableOf } from './report/table.js';
import { faultsOf, faultsOfGrowth, type GrowthResult, type Results, type ScenarioResult } from './results.js';
import { ScenarioRunner, type Setting } from './run-scenarios.js';
import { scenarios } from './scenarios.js';
import { Subject } from './subject.js';

const directory = 'bench/results';
const options = readArguments();
if (options.help || options.list) {
  console.log(options.help ? usage : scenarios.map(({ name }) => name).join('\n'));
  process.exit(0);
}

const environment = options.profile ? inspectedEnvironment : {};
const at = new Date().toISOString();
const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, load before ${loadavg()[0]?.toFixed(1)}`;
console.log(`${machine}\nStarting Posthorn …`);
const sink = Child.start('sink');
const generator = Child.start('generator');
const subjects: Subject[] = [];
const results: ScenarioResult[] = [];
const grown: GrowthResult[] = [];
const idle: Record<string, Idle> = {};
try {
  subjects.push(await Subject.start('posthorn', { environment }));
  if (options.against !== undefined)
    subjects.push(await Subject.start('against', { environment, root: options.against }));
  await measureRest();
  await (options.growths ? runGrowth(options.growths) : runAll());
} finally {
  for (const { posthorn } of subjects) await posthorn.stop();
  for (const child of [sink, generator]) child.stop();
}
const faults = [...results.flatMap(faultsOf), ...grown.flatMap(faultsOfGrowth)];
for (const fault of faults) console.log(`✗ ${fault}`);
console.log(`\nWritten: ${write({ at, machine, options, idle, scenarios: results, growths: grown })}`);
process.exit(faults.length === 0 ? 0 : 1);

/** As long as one load is measured, all subjects at once. */
async function measureRest(): Promise<void> {
  console.log('Measuring what it takes at rest …');
  const all = subjects.map(async ({ name, posthorn }) => {
    idle[name] = await measureIdle(posthorn.run, options.measuredMs);
  });
  await Promise.all(all);
  for (const [name, figures] of Object.entries(idle)) console.log(idleLines(name, figures));
}

function setting(): Setting {
  const [first, ...others] = subjects;
  if (!first) throw new Error('There is nothing to measure.');
  const progress = new Progress();
  const print = (text: string): void => {
    progress.clear();
    console.log(`\n${text}`);
  };
  return { options, subjects: [first, ...others], sink, generator, progress, directory, print };
}

async function runAll(): Promise<void> {
  const set = setting();
  const all = await new ScenarioRunner(set).run(options.scenarios, (result, run) =>
    set.print(run === options.runs ? tableOf(result) : `Run ${run}: ${shortOf(result)}`),
  );
  results.push(...all);
  for (const result of all.filter(({ skipped }) => skipped !== undefined)) set.print(tableOf(result));
}

async function runGrowth(chosen: readonly Growth[]): Promise<void> {
  const runner = await GrowthRunner.prepare(setting());
  grown.push(await runner.measureSmall());
  for (const growth of chosen) {
    grown.push(await runner.run(growth, options.growthScale));
    setting().print(growthTableOf(grown));
  }
}

/** @returns the files. */
function write(all: Results): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, at.replaceAll(/[:.]/g, '-'));
  writeFileSync(`${file}.json`, `${JSON.stringify(all, null, 2)}\n`);
  if (all.scenarios.length === 0) return `${file}.json`;
  writeFileSync(`${file}.svg`, chartOf(all.scenarios));
  return `${file}.json, ${file}.svg`;
}

function readArguments(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    return process.exit(2);
  }
}
