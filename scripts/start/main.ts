import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArguments, type StartArguments, usage } from './arguments.js';
import { startDetached } from './detach.js';
import type { RunDocument } from './run-file.js';
import { stateDirectory } from './state-directory.js';
import { stopSignal } from './stop-signal.js';
import { summary } from './summary.js';
import { supervise } from './supervise.js';
import { runningSupervisor } from './supervisor-lock.js';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const { env: environment } = process;
const say = (line: string): void => console.log(line);

async function main(args: StartArguments): Promise<number> {
  const state = stateDirectory(projectRoot, environment);
  const { runFile, supervisorFile } = state;
  if ((await runningSupervisor(supervisorFile)) !== undefined) return alreadyRunning(runFile, args);
  if (args.detach) {
    const ready = await startDetached(projectRoot, args, say);
    if (ready) say(summary(readRun(runFile), { environment, state, howToStop: 'npm stop' }));
    return ready ? 0 : 1;
  }
  const onReady = (run: RunDocument): void => say(summary(run, { environment, state, howToStop: 'Ctrl-C' }));
  return supervise({ projectRoot, environment, clean: args.clean, say, onReady, signal: stopSignal() });
}

function alreadyRunning(runFile: string, { clean }: StartArguments): number {
  if (!existsSync(runFile)) {
    say('Posthorn is being started or stopped in this folder already.');
    return 1;
  }
  say(`Posthorn runs in this folder already: ${readRun(runFile).apiUrl}`);
  if (clean) say('Its data can be forgotten when it is stopped: npm stop');
  return clean ? 1 : 0;
}

function readRun(runFile: string): RunDocument {
  return JSON.parse(readFileSync(runFile, 'utf8')) as RunDocument;
}

try {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) say(usage);
  process.exit(args.help ? 0 : await main(args));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
