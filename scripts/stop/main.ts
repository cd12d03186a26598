import { fileURLToPath } from 'node:url';
import { endProcess } from '#libs/servers';
import { forgetData } from '../start/own-servers.js';
import { RunFile } from '../start/run-file.js';
import { StartedThings } from '../start/started.js';
import { stateDirectory } from '../start/state-directory.js';
import { releaseLock, runningSupervisor } from '../start/supervisor-lock.js';

/** The services' 30 s, then RabbitMQ's and Postgres', and some air. */
const stopDeadlineMs = 120_000;

const args = process.argv.slice(2);
const unknown = args.filter((argument) => argument !== '--clean');
if (unknown.length > 0) {
  console.error(`Unknown argument "${unknown[0]}". Known is --clean: forgets the data, too.`);
  process.exit(1);
}
const state = stateDirectory(fileURLToPath(new URL('../../../', import.meta.url)), process.env);
const supervisor = await runningSupervisor(state.supervisorFile);
if (supervisor !== undefined) {
  console.log('Stopping Posthorn …');
  await endProcess(supervisor, 'SIGTERM', stopDeadlineMs);
}
// What a supervisor that was killed has left behind.
const leftBehind = await new StartedThings(state.startedFile).end();
new RunFile(state.runFile).withdraw();
releaseLock(state.supervisorFile);
if (leftBehind.length > 0) console.log(`Ended what was left behind: ${leftBehind.join(', ')}`);
console.log(
  supervisor === undefined && leftBehind.length === 0 ? 'Posthorn is not running.' : 'Posthorn is stopped.',
);
if (args.includes('--clean')) {
  await forgetData(state);
  console.log('Its data is forgotten.');
}
