// What every command of package.json goes through: brings a clone to the point where TypeScript can run, then runs
// the main.js of that name. Plain JavaScript for any Node from 20 on, because nothing is installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Each with what it runs. */
const programs = {
  start: 'scripts/start',
  stop: 'scripts/stop',
  demo: 'scripts/demo',
  reference: 'scripts/reference',
  test: 'scripts/test',
  bench: 'bench',
  'test:faults': 'test/faults',
  fuzz: 'test/fuzz',
};
const sourceTrees = ['apps', 'libs', 'scripts', 'bench', 'test/faults', 'test/fuzz'];
const buildSettings = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];
/** The project's own Node: the real binary, so that signals reach it. */
const node = join(root, 'node_modules/node/bin/node');
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const fingerprintFile = join(root, 'dist/.fingerprint');
const quietMs = 1000;

const [command, ...args] = process.argv.slice(2);
const script = join(root, `dist/${programs[command]}/main.js`);

if (!Object.hasOwn(programs, command))
  fail(`Usage: node scripts/run.mjs <${Object.keys(programs).join('|')}> [arguments]`);

if (command === 'stop') prepareStop();
else await prepare();
process.exit(await run(node, ['--enable-source-maps', script, ...args]));

async function prepare() {
  if (!isInstalled())
    await step('Installing the npm packages', 'npm', ['ci', '--include=dev', '--loglevel=error']);
  if (fingerprint() !== lastFingerprint()) await build();
}

/** What runs is stopped by the version that has started it: nothing is built, and what is not built has not started. */
function prepareStop() {
  if (existsSync(script) && existsSync(node)) return;
  console.log('Posthorn is not running.');
  process.exit(0);
}

/** npm notes in node_modules what it has installed; an optional package may be missing there, for another platform. */
function isInstalled() {
  if (!existsSync(node)) return false;
  const wanted = packagesIn('package-lock.json');
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    const found = installed[path];
    return path === '' || (found === undefined ? optional || devOptional : found.version === version);
  });
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages;
  } catch {
    return {};
  }
}

async function build() {
  // Taken before, so that what changes while the compiler runs is built the next time.
  const built = fingerprint();
  // A build that fails half way has changed the output too.
  rmSync(fingerprintFile, { force: true });
  await step('Building', node, [compiler, '-p', 'tsconfig.build.json']);
  removeStaleOutput();
  writeFileSync(fingerprintFile, built);
}

/** By content and not by time: switching branches to and fro is no change. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...sourceTrees.flatMap(sources), ...buildSettings]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function lastFingerprint() {
  return existsSync(fingerprintFile) ? readFileSync(fingerprintFile, 'utf8') : undefined;
}

function sources(tree) {
  return filesIn(tree).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
}

/** The compiler leaves the output of a source that is gone, and a module that should not exist can still be imported. */
function removeStaleOutput() {
  for (const tree of sourceTrees) {
    for (const file of filesIn(`dist/${tree}`)) {
      const source = file.slice('dist/'.length).replace(/\.js(\.map)?$/, '.ts');
      if (!existsSync(join(root, source))) rmSync(join(root, file));
    }
  }
}

function filesIn(tree) {
  if (!existsSync(join(root, tree))) return [];
  return readdirSync(join(root, tree), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .toSorted();
}

/** Runs one step, and says so if it is not over at once. */
async function step(name, program, programArgs) {
  const startedAt = Date.now();
  const announcement = setTimeout(() => console.log(`${name} …`), quietMs);
  const exitCode = await run(program, programArgs);
  clearTimeout(announcement);
  if (exitCode !== 0) fail(`${name} failed: ${program} ${programArgs.join(' ')}`);
  const seconds = (Date.now() - startedAt) / 1000;
  if (seconds * 1000 > quietMs) console.log(`${name} took ${seconds.toFixed(1)} s`);
}

/** Runs a program on this terminal, passes signals on, and returns its exit code. */
function run(program, programArgs) {
  return new Promise((resolve) => {
    const child = spawn(program, programArgs, { cwd: root, stdio: 'inherit' });
    const passOn = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
    child.once('error', (error) => fail(`${program}: ${error.message}`));
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, passOn);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
