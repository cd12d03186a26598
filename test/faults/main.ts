import { parseArgs } from 'node:util';
import { Endpoints } from './endpoints.js';
import { FaultedPosthorn } from './faulted-posthorn.js';
import { buildMutant, type Mutant, mutants } from './mutants.js';
import { type Row, rows } from './rows.js';
import { type RowResult, runRow } from './run-row.js';

const usage = `Hurts a running Posthorn under load, and counts what was lost.

  npm run test:faults                             the whole matrix, a minute of load for each row
  npm run test:faults -- --set pull-request       what a change has to stand, and broken builds that must not
  npm run test:faults -- --set mutants            the broken builds alone
  npm run test:faults -- --only router.claimed    these rows, comma separated
  npm run test:faults -- --seconds 10 --per-second 200 --tenants 20 --seed 1
  npm run test:faults -- --list                   the rows there are`;

const { values: wanted } = parseArgs({
  options: {
    set: { type: 'string', default: 'whole' },
    only: { type: 'string' },
    seconds: { type: 'string' },
    'per-second': { type: 'string', default: '200' },
    tenants: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (wanted.help || wanted.list) {
  console.log(wanted.help ? usage : rows.map(({ name, what }) => `${name.padEnd(26)} ${what}`).join('\n'));
  process.exit(0);
}
const isWhole = wanted.set === 'whole' && wanted.only === undefined;
const seconds = Number(wanted.seconds ?? (isWhole ? 60 : 9));
const options = {
  seed: Number(wanted.seed),
  durationMs: seconds * 1000,
  perSecond: Number(wanted['per-second']),
  tenants: Number(wanted.tenants),
  quietDeadlineMs: 120_000,
};
/** What is lost stays lost: no need to wait for it long. */
const ofMutants = { ...options, tenants: 4, quietDeadlineMs: 15_000 };

const endpoints = await Endpoints.start();
const count = { passed: 0, failed: 0 };
console.log(`${seconds} s of ${options.perSecond} events/s for each row, seed ${options.seed}`);
const chosen = chosenRows();
for (const [processes, some] of Map.groupBy(chosen, (row) => row.processes ?? 1))
  await runRows(some, processes);
if (wanted.only === undefined) for (const mutant of mutants) await runMutant(mutant);
endpoints.stop();
console.log(`\n${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);

function chosenRows(): readonly Row[] {
  const names = wanted.only?.split(',');
  const unknown = names?.filter((name) => !rows.some((row) => row.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`No row ${unknown.join(', ')}: --list shows them.`);
  if (names) return rows.filter(({ name }) => names.includes(name));
  if (wanted.set === 'mutants') return [];
  return rows.filter((row) => isWhole || row.inPullRequests);
}

async function runRows(some: readonly Row[], processes: number): Promise<void> {
  console.log(`Starting Posthorn, ${processes} of each service …`);
  const posthorn = await FaultedPosthorn.start(undefined, processes);
  try {
    for (const [index, row] of some.entries()) {
      console.log(`\n[${index + 1}/${some.length}] ${row.name}: ${row.what}`);
      const result = await runRow({ posthorn, endpoints }, row, options);
      tell(result, result.faults.length === 0);
    }
  } finally {
    posthorn.stop();
  }
}

/** Passes if the oracle finds that something is lost. */
async function runMutant(mutant: Mutant): Promise<void> {
  console.log(`\n[mutant] a build that ${mutant.what} must fail ${mutant.row}`);
  const row = rows.find(({ name }) => name === mutant.row);
  if (!row) throw new Error(`the mutant ${mutant.name} wants a row that is not there`);
  const posthorn = await FaultedPosthorn.start(buildMutant(mutant));
  try {
    const result = await runRow({ posthorn, endpoints }, row, ofMutants);
    tell(result, result.strikes > 0 && result.verdict.lost.length > 0);
  } finally {
    posthorn.stop();
  }
}

function tell({ verdict, strikes, repairs, tookMs, faults }: RowResult, isPassed: boolean): void {
  count[isPassed ? 'passed' : 'failed']++;
  const { lost, unexpected, recovered, duplicated } = verdict;
  console.log(
    `  ${isPassed ? '✓' : '✗'} lost ${lost.length}, unexpected ${unexpected.length}, recovered ${recovered}, duplicated ${duplicated.length}` +
      `   (${verdict.published} events, ${verdict.deliveries} deliveries, ${strikes} strikes, ${repairs} repairs, ${Math.round(tookMs / 1000)} s)`,
  );
  if (isPassed) return;
  for (const fault of faults) console.log(`    ${fault}`);
  for (const example of [...lost, ...unexpected, ...verdict.unrecorded, ...verdict.mistimed].slice(0, 5))
    console.log(`      ${example}`);
}
