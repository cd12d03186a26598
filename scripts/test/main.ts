import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

/** What a contributor must see green; the last line printed is `N passed, N failed`. */
interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** A jest project counts its tests; any other step counts as one. */
  readonly jestReport?: string;
  /** It takes long, and is run when it is named only. */
  readonly isExtra?: boolean;
  /** Added to this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

const reports = '.posthorn/test';
const node = process.execPath;
/** Far more than any step needs: only what hangs is ended by it. */
const stepDeadlineMs = 30 * 60_000;
/** What the servers being programs of this machine could change: how they start, stop, are killed and are set up. */
const nativeFiles = String.raw`/(demo|outages|restarts)\.spec\.ts$`;

const steps: readonly Step[] = [
  { name: 'format', command: [node, 'node_modules/oxfmt/bin/oxfmt', '--check'] },
  { name: 'types', command: [node, 'node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'lint', command: [node, 'node_modules/oxlint/bin/oxlint', '--type-aware'] },
  {
    name: 'boundaries',
    command: [
      node,
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      'apps',
      'libs',
      'scripts',
      'bench',
      'test',
    ],
  },
  { name: 'unused', command: [node, 'node_modules/knip/bin/knip.js'] },
  jest('unit'),
  { name: 'fuzz', command: [node, 'dist/test/fuzz/main.js', '--seconds', '40', '--seed', '1'] },
  jest('integration'),
  jest('system'),
  { ...jest('alarms'), isExtra: true },
  {
    ...jest('system', 'native', `--testPathPatterns=${nativeFiles}`),
    environment: { POSTHORN_INFRASTRUCTURE: 'native' },
    isExtra: true,
  },
  { name: 'faults', command: [node, 'dist/test/faults/main.js', '--set', 'pull-request'] },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0 };
const chosen = steps.filter(({ name, isExtra = false }) =>
  wanted.length === 0 ? !isExtra : wanted.includes(name),
);
for (const step of chosen) {
  console.log(`\n── ${step.name}`);
  const startedAt = performance.now();
  const counted = run(step);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`${step.name}: ${counted.passed} passed, ${counted.failed} failed in ${seconds} s`);
  total.passed += counted.passed;
  total.failed += counted.failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

function jest(project: string, name = project, ...options: readonly string[]): Step {
  const jestReport = `${reports}/${name}.json`;
  return {
    name,
    jestReport,
    command: [
      node,
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      project,
      ...options,
      '--json',
      `--outputFile=${jestReport}`,
    ],
  };
}

function run({ command, jestReport, environment }: Step): { passed: number; failed: number } {
  if (jestReport !== undefined) rmSync(jestReport, { force: true });
  const [program = '', ...args] = command;
  // Jest prints its progress to standard error, and with --json a report nobody reads to standard output.
  const { status, signal } = spawnSync(program, args, {
    stdio: ['ignore', jestReport === undefined ? 'inherit' : 'ignore', 'inherit'],
    timeout: stepDeadlineMs,
    env: { ...process.env, ...environment },
  });
  if (signal !== null)
    console.log(`Ended by ${signal}: it was not done after ${stepDeadlineMs / 60_000} minutes.`);
  if (jestReport === undefined) return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return countTests(jestReport, status);
}

/** A suite that did not even load has no failed test, and is a failure all the same. */
function countTests(report: string, status: number | null): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    ) as Record<'numPassedTests' | 'numFailedTests' | 'numRuntimeErrorTestSuites', number>;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
