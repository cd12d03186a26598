import { parseArgs } from 'node:util';
import { messageOf } from '#libs/messaging';
import { dockerAnswers } from '#libs/servers';
import { DnsServer } from '#libs/testing';
import { Endpoints } from './endpoints.js';
import { FaultedPosthorn } from './faulted-posthorn.js';
import { buildMutant, type Mutant, mutants } from './mutants.js';
import { Report, secondsOf } from './report.js';
import { compareResources, type Resources, resources, sampleResources } from './resources.js';
import type { Row } from './rows/row.js';
import { rows } from './rows.js';
import { type RowResult, runRow } from './run-row.js';
import { AmqpDoor } from './amqp-door.js';
import { randomFrom } from './random.js';
import { startStage } from './stages.js';
import { trials } from './trials.js';
import { warmUp } from './warm-up.js';
import type { Trial, TrialResult } from './trials/trial.js';

const usage = `Hurts a running Posthorn under load, and counts what was lost.

  npm run test:faults                             the whole matrix, a minute of load for each row, and its report
  npm run test:faults -- --set pull-request       what a change has to stand, and broken builds that must not
  npm run test:faults -- --set mutants            the broken builds alone
  npm run test:faults -- --only router.claimed    these rows, comma separated; hostile: all hostile-…
  npm run test:faults -- --only … --report        as long as in the whole matrix, and their lines of its report
  npm run test:faults -- --seconds 10 --per-second 200 --tenants 20 --seed 1
  npm run test:faults -- --list                   the rows there are`;

const wanted = readArguments();

if (wanted.help || wanted.list) {
  console.log(
    wanted.help
      ? usage
      : [...rows, ...trials].map(({ name, what }) => `${name.padEnd(26)} ${what}`).join('\n'),
  );
  process.exit(0);
}
const isWhole = wanted.set === 'whole' && wanted.only === undefined;
const isReported = isWhole || wanted.report;
/** For a change, which somebody waits for: half of a row's time is spent on comparing, which grows with its load. */
const shortS = 4;
const seconds = Number(wanted.seconds ?? (isReported ? 60 : shortS));
const options = {
  seed: Number(wanted.seed),
  durationMs: seconds * 1000,
  perSecond: Number(wanted['per-second']),
  tenants: Number(wanted.tenants),
  quietDeadlineMs: 120_000,
};
/** What is lost stays lost: no need to wait for it long. */
const ofMutants = { ...options, tenants: 4, quietDeadlineMs: 15_000 };

const hasDocker = process.env['POSTHORN_INFRASTRUCTURE'] !== 'native' && (await dockerAnswers());
const endpoints = await Endpoints.start();
const report = new Report({ ...options, hasDocker, isWritten: isReported });
console.log(`${seconds} s of ${options.perSecond} events/s for each row, seed ${options.seed}`);
const names = wanted.only?.split(',');
const chosen = chosenRows();
for (const [stage, some] of Map.groupBy(chosen, (row) => row.stage ?? 'own')) await runRows(stage, some);
const chosenTrials = trials.filter(({ name, inPullRequests }) =>
  names ? isNamed(name) : isWhole || (inPullRequests && wanted.set === 'pull-request'),
);
if (chosenTrials.length > 0) await runTrials(chosenTrials);
if (wanted.only === undefined) for (const mutant of mutants) await runMutant(mutant);
endpoints.stop();
if (isReported) console.log(`\nWritten: ${report.file}`);
console.log(`\n${report.summary}`);
process.exit(report.failed === 0 ? 0 : 1);

function chosenRows(): readonly Row[] {
  const all = [...rows, ...trials].map(({ name }) => name);
  const unknown = names?.filter((text) => !all.some((name) => isMeant(name, text))) ?? [];
  if (unknown.length > 0) explain(`There is no row ${unknown.join(', ')}: --list shows them.`);
  if (names) return rows.filter(({ name }) => isNamed(name));
  if (wanted.set === 'mutants') return [];
  return rows.filter((row) => isWhole || row.inPullRequests);
}

function isNamed(name: string): boolean {
  return names?.some((text) => isMeant(name, text)) ?? false;
}

/** By its name, or by the words with which it begins. */
function isMeant(name: string, text: string): boolean {
  return name === text || name.startsWith(`${text}-`);
}

async function runRows(stage: NonNullable<Row['stage']>, some: readonly Row[]): Promise<void> {
  const possible = some.filter(isPossible);
  if (possible.length === 0) return;
  const isMeasured = isWhole && stage === 'own';
  let posthorn = await start(stage);
  try {
    let before: Resources | undefined;
    for (const row of possible) {
      console.log(`\n[${chosen.indexOf(row) + 1}/${chosen.length}] ${row.name}: ${row.what}`);
      if (!(await countRow(posthorn, row))) {
        await posthorn.stop();
        posthorn = await start(stage);
      } else if (isMeasured) before ??= await sampleResources(posthorn);
    }
    if (before) {
      console.log(`\n${resources.name}: ${resources.what}`);
      tellTrial(resources, await compareResources(posthorn, before));
    }
  } finally {
    await posthorn.stop();
  }
}

/** Tells of a row that is not. */
function isPossible(row: Row): boolean {
  if (hasDocker || !row.needsDocker) return true;
  const reason = 'it needs Docker, and no engine answers here';
  console.log(`\n${row.name} is skipped: ${reason}`);
  report.skip(row, reason);
  return false;
}

/** @returns false if it could not be counted: what is left of Posthorn is not fit for the next row. */
async function countRow(posthorn: FaultedPosthorn, row: Row): Promise<boolean> {
  try {
    const result = await runRow({ posthorn, endpoints }, row, options);
    tell(result, result.faults.length === 0);
    report.add(result);
    return true;
  } catch (error) {
    console.log('  ✗', error);
    report.addUnfinished(row, messageOf(error));
    return false;
  }
}

async function start(stage: NonNullable<Row['stage']>): Promise<FaultedPosthorn> {
  console.log(`\nStarting Posthorn (${stage}) …`);
  const posthorn = await startStage[stage](console.log);
  try {
    await warmUp({ posthorn, endpoints });
    return posthorn;
  } catch (error) {
    await posthorn.stop();
    throw error;
  }
}

async function runTrials(some: readonly Trial[]): Promise<void> {
  console.log('\nStarting Posthorn …');
  const nameServer = await DnsServer.start();
  const environment = { CIRCUIT_FAILURES: '5', EGRESS_DNS_SERVERS: nameServer.address };
  const posthorn = await FaultedPosthorn.start({ environment });
  const amqp = new AmqpDoor(() => posthorn.publisherUrl());
  try {
    await warmUp({ posthorn, endpoints });
    for (const [index, trial] of some.entries()) {
      console.log(`\n[${index + 1}/${some.length}] ${trial.name}: ${trial.what}`);
      const prefix = `${trial.name}-${Date.now().toString(36)}-`;
      const scene = { posthorn, endpoints, amqp, nameServer, prefix, random: randomFrom(options.seed) };
      endpoints.sightings = [];
      tellTrial(trial, await trial.run(scene).catch(unfinished));
    }
  } finally {
    amqp.stop();
    await posthorn.stop();
    await nameServer.stop();
  }
}

function unfinished(error: unknown): TrialResult {
  return { figures: 'it did not end', faults: [messageOf(error)] };
}

/** Passes if the oracle finds that something is lost. */
async function runMutant(mutant: Mutant): Promise<void> {
  console.log(`\n[mutant] a build that ${mutant.what} must fail ${mutant.row}`);
  const row = rows.find(({ name }) => name === mutant.row);
  if (!row) throw new Error(`the mutant ${mutant.name} wants a row that is not there`);
  // Nothing is swept up after it: the sweeper would mend what it breaks.
  const environment = { SWEEP_AFTER: '1h' };
  const posthorn = await FaultedPosthorn.start({ root: buildMutant(mutant), environment });
  try {
    const result = await runRow({ posthorn, endpoints }, row, ofMutants);
    const isCaught = result.strikes > 0 && result.verdict.lost.length > 0;
    tell(result, isCaught);
    report.addMutant(mutant, result, isCaught);
  } finally {
    await posthorn.stop();
  }
}

function tell({ verdict, faults, ...result }: RowResult, isPassed: boolean): void {
  const { lost, unexpected, recovered, duplicated } = verdict;
  const { strikes, repairs, recoveryMs, tookMs, fullS } = result;
  const back = recoveryMs === undefined ? '' : `, back after ${secondsOf(recoveryMs)}`;
  console.log(
    `  ${isPassed ? '✓' : '✗'} lost ${lost.length}, unexpected ${unexpected.length}, recovered ${recovered}, duplicated ${duplicated.length}` +
      `   (${verdict.published} events, ${verdict.deliveries} deliveries, ${strikes} strikes, ${repairs} repairs${back}, ${Math.round(tookMs / 1000)} s, machine full for ${fullS} s)`,
  );
  if (isPassed) return;
  for (const fault of faults) console.log(`    ${fault}`);
  for (const example of [...lost, ...unexpected, ...verdict.unrecorded, ...verdict.mistimed].slice(0, 5))
    console.log(`      ${example}`);
}

function tellTrial(trial: Omit<Trial, 'run'>, result: TrialResult): void {
  report.addTrial(trial, result);
  console.log(`  ${result.faults.length === 0 ? '✓' : '✗'} ${result.figures}`);
  for (const fault of result.faults) console.log(`    ${fault}`);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        set: { type: 'string', default: 'whole' },
        only: { type: 'string' },
        seconds: { type: 'string' },
        'per-second': { type: 'string', default: '200' },
        tenants: { type: 'string', default: '20' },
        seed: { type: 'string', default: '1' },
        report: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return explain(messageOf(error));
  }
}

function explain(what: string): never {
  console.error(`${what}\n\n${usage}`);
  process.exit(2);
}
