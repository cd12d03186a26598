import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkConfiguration } from './check-configuration.js';
import type { Context } from './context.js';
import { startInfrastructure } from './infrastructure.js';
import { forgetData } from './own-servers.js';
import { provision, type Provisioned } from './provision.js';
import { type RunDocument, RunFile } from './run-file.js';
import { choosePorts, mainFileOf, runService } from './run-service.js';
import { processesOf, type ServiceProcess } from './scale.js';
import { loadSecrets } from './secrets.js';
import { apiUrl, given } from './service-environment.js';
import { type ServiceName, services } from './services.js';
import { StartedThings } from './started.js';
import { makePrivate, privateUmask, type StateDirectory, stateDirectory } from './state-directory.js';
import { releaseLock, takeLock } from './supervisor-lock.js';

const cutOffTries = 10;
const cutOffPauseMs = 500;

export interface Supervision {
  readonly projectRoot: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly clean: boolean;
  readonly say: (line: string) => void;
  readonly onReady: (run: RunDocument) => void;
  /** Aborted when Posthorn is to stop. */
  readonly signal: AbortSignal;
}

/** Starts everything, keeps it running until told to stop, then ends everything. Returns the exit code. */
export async function supervise(supervision: Supervision): Promise<number> {
  const { say, onReady } = supervision;
  process.umask(privateUmask);
  const state = stateDirectory(supervision.projectRoot, supervision.environment);
  makePrivate(state);
  if (!(await takeLock(state.supervisorFile))) {
    say('Another npm start is at work in this folder.');
    return 1;
  }
  const run = new RunFile(state.runFile);
  const started = new StartedThings(state.startedFile);
  const end = new AbortController();
  const signal = AbortSignal.any([supervision.signal, end.signal]);
  const coming = bringUp({ ...supervision, signal }, { state, run, started });
  try {
    const ready = await Promise.race([coming, aborted(signal)]);
    if (ready !== undefined) onReady(ready);
    await aborted(signal);
    say('Stopping …');
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    end.abort();
    run.withdraw();
    await endAll(started, coming);
    releaseLock(state.supervisorFile);
  }
}

/** A start that is cut off ends as soon as what it waits for has ended; until then it may still start something. */
async function endAll(started: StartedThings, coming: Promise<unknown>): Promise<void> {
  const settled = coming.then(
    () => true,
    () => true,
  );
  for (let tries = 0; tries < cutOffTries; tries += 1) {
    await started.end();
    if (await Promise.race([settled, sleep(cutOffPauseMs, false)])) break;
  }
  await started.end();
}

type Books = Pick<Context, 'state' | 'run' | 'started'>;

async function bringUp(supervision: Supervision, books: Books): Promise<RunDocument> {
  const processes = await prepare(supervision, books);
  const { projectRoot, environment, say, signal } = supervision;
  const secrets = await loadSecrets(books.state.secretsFile);
  const onStarted = books.started.add.bind(books.started);
  const surroundings = { searchPath: environment['PATH'] ?? '', say, onStarted };
  const context: Context = { ...books, projectRoot, environment, say, signal, secrets, surroundings };
  const infrastructure = await startInfrastructure(context);
  const provisioned = await provision(context, infrastructure);
  await startServices(context, processes, provisioned);
  signal.throwIfAborted();
  return context.run.publish({
    apiUrl: apiUrl(environment),
    apiKey: given(environment)['POSTHORN_ROOT_KEY'] ?? secrets.rootKey,
    amqpUrl: infrastructure.amqpUrl,
    publisherAmqpUrl: provisioned.logins.publisher,
    databaseUrl: provisioned.databases.adminUrl,
    rabbitmqManagementUrl: infrastructure.managementUrl ?? null,
  });
}

/**
 * Everything that can be known to be wrong before anything is started.
 * @returns the processes to start.
 */
async function prepare(
  { projectRoot, environment, clean, say }: Supervision,
  { state, run, started }: Books,
): Promise<readonly ServiceProcess[]> {
  run.withdraw();
  const leftBehind = await started.end();
  if (leftBehind.length > 0) say(`Ended what an earlier run had left behind: ${leftBehind.join(', ')}`);
  await checkConfiguration(environment);
  const processes = processesOf(given(environment)['POSTHORN_SCALE']);
  const missing = services
    .map(({ name }) => mainFileOf(projectRoot, name))
    .filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`${missing.join(', ')}: not there. npm run build makes it.`);
  if (clean) {
    await forgetData(state);
    say('The data of earlier runs is forgotten.');
  }
  beginLogs(state, processes);
  return processes;
}

/** Each run begins its logs anew and keeps those of the one before, so that they do not grow for ever. */
function beginLogs({ logs }: StateDirectory, processes: readonly ServiceProcess[]): void {
  mkdirSync(logs, { recursive: true });
  for (const name of [...processes.map((process) => process.name), 'rabbitmq', 'postgres']) {
    const log = join(logs, `${name}.log`);
    if (existsSync(log)) renameSync(log, `${log}.1`);
  }
}

async function startServices(
  context: Context,
  processes: readonly ServiceProcess[],
  { logins, databases }: Provisioned,
): Promise<void> {
  const { secrets, say } = context;
  say(`Starting ${processes.map(({ name }) => name).join(', ')} …`);
  const portsOf = await choosePorts(context, processes);
  const hasOtherGateways = processes.filter(({ service }) => service === 'gateway').length > 1;
  const databaseUrls: Partial<Record<ServiceName, string>> = databases.ofService;
  await Promise.all(
    processes.map((process) => {
      const databaseUrl = databaseUrls[process.service];
      const amqpUrl = logins.ofService[process.service];
      const assignment = { secrets, amqpUrl, databaseUrl, hasOtherGateways, ...portsOf(process) };
      return runService(context, process, assignment);
    }),
  );
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
