import { parseArgs } from 'node:util';
import { Endpoints } from './endpoints.js';
import { FaultedPosthorn } from './faulted-posthorn.js';
import { type Row, rows } from './rows.js';
import { type RowResult, runRow } from './run-row.js';

const usage = `Hurts a running Posthorn under load, and counts what was lost.

  npm run test:faults                             the whole matrix, twelve strikes a row
  npm run test:faults -- --set pull-request       the rows and the time that a change has to stand
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
const isWhole = wanted.set === 'whole';
const seconds = Number(wanted.seconds ?? (isWhole && wanted.only === undefined ? 60 : 9));
process.exit((await run(chosen())) ? 0 : 1);

function chosen(): readonly Row[] {
  const names = wanted.only?.split(',');
  const unknown = names?.filter((name) => !rows.some((row) => row.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`No row ${unknown.join(', ')}: --list shows them.`);
  return rows.filter((row) => (names ? names.includes(row.name) : isWhole || row.inPullRequests));
}

/** @returns whether every row passed. */
async function run(some: readonly Row[]): Promise<boolean> {
  const options = {
    seed: Number(wanted.seed),
    durationMs: seconds * 1000,
    perSecond: Number(wanted['per-second']),
    tenants: Number(wanted.tenants),
  };
  console.log(
    `${some.length} rows, ${seconds} s of ${options.perSecond} events/s each, seed ${options.seed}`,
  );
  console.log('Starting Posthorn …');
  const endpoints = await Endpoints.start();
  const posthorn = await FaultedPosthorn.start();
  const results: RowResult[] = [];
  try {
    for (const [index, row] of some.entries()) {
      console.log(`\n[${index + 1}/${some.length}] ${row.name}: ${row.what}`);
      const result = await runRow({ posthorn, endpoints }, row, options);
      results.push(result);
      tell(result);
    }
  } finally {
    posthorn.stop();
    endpoints.stop();
  }
  const failed = results.filter(({ faults }) => faults.length > 0);
  console.log(
    `\n${results.length - failed.length} passed, ${failed.length + some.length - results.length} failed`,
  );
  return results.length === some.length && failed.length === 0;
}

function tell({ verdict, strikes, tookMs, faults }: RowResult): void {
  const { lost, unexpected, recovered, duplicated } = verdict;
  console.log(
    `  ${faults.length === 0 ? '✓' : '✗'} lost ${lost.length}, unexpected ${unexpected.length}, recovered ${recovered}, duplicated ${duplicated.length}` +
      `   (${verdict.published} events, ${verdict.deliveries} deliveries, ${strikes} strikes, ${Math.round(tookMs / 1000)} s)`,
  );
  for (const fault of faults) console.log(`    ${fault}`);
  for (const example of [...lost, ...unexpected, ...verdict.unrecorded, ...verdict.mistimed].slice(0, 5))
    console.log(`      ${example}`);
}
